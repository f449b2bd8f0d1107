import { useTones } from '../components';

/** Buttons say what they do in a sentence's case. */
export const buttonSx = {
  textTransform: 'none',
  fontFamily: 'inherit',
  fontWeight: 700,
  fontSize: 13,
  lineHeight: '20px',
} as const;

/** Outlined buttons of what stops or undoes: red enough to be read on paper and on the page, light and dark. */
export function useStopButtonSx() {
  const { failed } = useTones();
  return {
    ...buttonSx,
    color: failed.text,
    borderColor: failed.text,
    '&:hover': { borderColor: failed.text, bgcolor: failed.surface },
  };
}
