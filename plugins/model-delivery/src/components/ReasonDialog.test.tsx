import { act, fireEvent, render, screen } from '@testing-library/react';
import { ReasonDialog } from './ReasonDialog';

/** Longer than the dialog takes to appear. */
const APPEARED_MILLIS = 1_000;

const dialog = (
  <ReasonDialog
    open
    onClose={() => {}}
    title="Hand on a role"
    consequence="They decide in your place"
    fields={<input aria-label="To" />}
    confirmLabel="Hand it on"
    refusedTitle="Nothing was handed on"
    onConfirm={async () => {}}
  />
);

describe('the dialog that asks for a reason', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('begins at the reason', () => {
    render(dialog);
    act(() => void jest.advanceTimersByTime(APPEARED_MILLIS));
    expect(screen.getByLabelText(/Reason/)).toHaveFocus();
  });

  it('leaves whoever already types in another field there', () => {
    render(dialog);
    const to = screen.getByLabelText('To');
    to.focus();
    fireEvent.change(to, { target: { value: 'brandt' } });
    act(() => void jest.advanceTimersByTime(APPEARED_MILLIS));
    expect(to).toHaveFocus();
  });
});
