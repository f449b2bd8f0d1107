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

  it('does once what got no answer, even when it is closed in between', async () => {
    const keys: string[] = [];
    const answers = [new TypeError('Failed to fetch'), undefined, undefined];
    const show = (open: boolean) => (
      <ReasonDialog
        {...dialog.props}
        open={open}
        onConfirm={async ({ key }) => {
          keys.push(key);
          const answer = answers.shift();
          if (answer) {
            throw answer;
          }
        }}
      />
    );
    const { rerender } = render(show(true));
    const send = async () => {
      fireEvent.click(screen.getByRole('button', { name: 'Hand it on' }));
      await act(async () => void jest.advanceTimersByTime(APPEARED_MILLIS));
    };
    fireEvent.change(screen.getByLabelText(/Reason/), {
      target: { value: 'On leave' },
    });
    await send();
    expect(screen.getByRole('alert')).toHaveTextContent(
      'It may not have been recorded. The portal did not answer. Send it again: it is done once.',
    );
    rerender(show(false));
    rerender(show(true));
    expect(screen.getByLabelText(/Reason/)).toHaveValue('On leave');
    await send();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    // Once it is known to be done, the next opening is another act
    rerender(show(false));
    rerender(show(true));
    fireEvent.change(screen.getByLabelText(/Reason/), {
      target: { value: 'Away again' },
    });
    await send();
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });
});
