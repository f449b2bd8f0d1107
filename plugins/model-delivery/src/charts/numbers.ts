const MINUS = '−';
/** Keeps a number and its unit on one line. */
const NBSP = '\u00a0';

/** What a number counts, which decides how it is written. */
export type Quantity =
  | { kind: 'share' }
  | { kind: 'milliseconds' }
  /** A share of something else than a whole, so that its differences are percent of that, not points. */
  | { kind: 'percent'; of: string }
  | { kind: 'plain'; unit?: string; digits?: number };

/** Digits after the point that keep about three significant ones. */
export function digitsFor(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || size >= 100) {
    return 0;
  }
  if (size >= 10) {
    return 1;
  }
  if (size >= 1) {
    return 2;
  }
  return Math.min(6, 2 - Math.floor(Math.log10(size)));
}

/**
 * A number with thousands separated, a true minus sign, and, if asked for, a plus.
 * @param options - `digits` after the point; without it about three significant ones.
 */
export function formatNumber(
  value: number,
  options: { digits?: number; signed?: boolean } = {},
): string {
  const digits = options.digits ?? digitsFor(value);
  const text = Math.abs(value).toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const isZero = Number(Math.abs(value).toFixed(digits)) === 0;
  if (value < 0 && !isZero) {
    return `${MINUS}${text}`;
  }
  return options.signed && !isZero ? `+${text}` : text;
}

/** A share (0 to 1) in percent; whole percents only when `digits` says so. */
export function formatShare(share: number, digits?: number): string {
  const percent = share * 100;
  let places = digits;
  if (places === undefined) {
    if (percent === 0 || percent === 100) {
      places = 0;
    } else {
      places = Math.abs(percent) < 1 ? 2 : 1;
    }
  }
  return `${formatNumber(percent, { digits: places })}${NBSP}%`;
}

/** A value in its unit: `0.34 %`, `86 ms`, `0.842`. */
export function formatQuantity(value: number, quantity: Quantity): string {
  switch (quantity.kind) {
    case 'share':
      return formatShare(value);
    case 'milliseconds':
      return `${formatNumber(value, {
        digits: value < 10 ? 1 : 0,
      })}${NBSP}ms`;
    case 'percent':
      return `${formatShare(value)} of ${quantity.of}`;
    default:
      return withUnit(
        formatNumber(value, { digits: quantity.digits }),
        quantity.unit,
      );
  }
}

/** The unit in which a difference of two such values is written: percents differ by points. */
export function differenceUnit(quantity: Quantity): string {
  switch (quantity.kind) {
    case 'share':
      return 'points';
    case 'milliseconds':
      return 'ms';
    case 'percent':
      return `% of ${quantity.of}`;
    default:
      return quantity.unit ?? '';
  }
}

/** A difference without its unit, signed: `+0.35` points, `−2.1` ms. */
export function formatDifference(value: number, quantity: Quantity): string {
  switch (quantity.kind) {
    case 'share': {
      const points = value * 100;
      return formatNumber(points, {
        digits: Math.abs(points) >= 10 ? 1 : 2,
        signed: true,
      });
    }
    case 'milliseconds':
      return formatNumber(value, { digits: 1, signed: true });
    case 'percent':
      return formatNumber(value * 100, {
        digits: Math.abs(value) >= 0.1 ? 0 : 1,
        signed: true,
      });
    default:
      return formatNumber(value, { digits: quantity.digits, signed: true });
  }
}

/** A length of time in its largest sensible unit, to be read beside others: `18.5 h`, `7.3 d`, `12 min`. */
export function formatSpan(seconds: number): string {
  const { value, unit } = splitSpan(seconds);
  return `${value}${NBSP}${unit}`;
}

/** As `formatSpan`, with the number and its unit apart. */
export function splitSpan(seconds: number): { value: string; unit: string } {
  const steps: [number, string][] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  // Two days are still said in hours: targets of a day or less are compared with hours.
  const [size, unit] =
    steps.find(([length]) =>
      length === 86_400 ? seconds >= 2 * length : seconds >= length,
    ) ?? steps[3];
  const amount = seconds / size;
  const digits = amount >= 20 || Number.isInteger(amount) ? 0 : 1;
  return { value: formatNumber(amount, { digits }), unit };
}

function withUnit(text: string, unit: string | undefined): string {
  return unit ? `${text}${NBSP}${unit}` : text;
}

/**
 * Round ticks from 0 to just above a value, four or five of them.
 * @param top - the largest value to be drawn, above 0
 */
export function niceTicks(top: number): number[] {
  const rough = top / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step =
    ([1, 2, 2.5, 5, 10].find(one => one * power >= rough * 0.999) ?? 10) *
    power;
  const count = Math.ceil(top / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}
