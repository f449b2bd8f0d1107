/** On which side of its line a mark's words stand; `none` where there is no room for them. */
export type LabelSide = 'left' | 'right' | 'none';

/**
 * Places the words of vertical marks so that they cover neither one another nor run out of the chart: right of their
 * line where there is room up to the next one, else left of it, else nowhere. Pure.
 * @param xs - where the marks are, from left to right
 * @param options - `room` is the width of one text, in the unit of `xs`
 */
export function labelSides(
  xs: number[],
  { end, room }: { end: number; room: number },
): LabelSide[] {
  // Up to where the text before reaches
  let taken = -Infinity;
  return xs.map((x, i) => {
    const next = xs[i + 1] ?? end;
    if (x >= taken && next - x >= room) {
      taken = x + room;
      return 'right';
    }
    if (x - taken >= room) {
      taken = x;
      return 'left';
    }
    return 'none';
  });
}
