import { labelSides } from './labelSides';

const sides = (...xs: number[]) => labelSides(xs, { end: 100, room: 15 });

describe('The words of marks', () => {
  it('stand right of their line where there is room', () => {
    expect(sides(5, 30, 60)).toEqual(['right', 'right', 'right']);
  });

  it('go to the left before another mark or the end, and never over one another', () => {
    expect(sides(20, 25)).toEqual(['left', 'right']);
    expect(sides(20, 95)).toEqual(['right', 'left']);
    expect(sides(20, 22, 24)).toEqual(['left', 'none', 'right']);
    expect(sides(90, 95)).toEqual(['left', 'none']);
  });
});
