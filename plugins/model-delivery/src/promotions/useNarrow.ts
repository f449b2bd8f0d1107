import useMediaQuery from '@mui/material/useMediaQuery';
import type { Theme } from '@mui/material/styles';

/** Whether the screen is too narrow for buttons beside a title: they then stand below it. */
export function useNarrow(): boolean {
  return useMediaQuery<Theme>(theme => theme.breakpoints.down('md'));
}
