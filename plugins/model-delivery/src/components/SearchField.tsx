import { useEffect, useRef, useState } from 'react';
import InputAdornment from '@mui/material/InputAdornment';
import TextField from '@mui/material/TextField';
import type { SxProps } from '@mui/material/styles';
import { SearchIcon } from './icons';

const TYPING_MILLIS = 250;

/** What a {@link SearchField} shows and says. */
export interface SearchFieldProps {
  /** What is searched for, as the address says. */
  value: string;
  /** Called once nobody has typed for a quarter of a second. */
  onSearch: (text: string) => void;
  /** What it is called, such as `Search models`. */
  label: string;
  placeholder: string;
  disabled?: boolean;
  sx?: SxProps;
}

/** A field to search a list by, reached by `/`. */
export function SearchField(props: SearchFieldProps) {
  const { value, onSearch, label, placeholder, disabled, sx } = props;
  const [text, setText] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const search = useRef(onSearch);
  search.current = onSearch;
  // The address changes by other ways than this field
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) {
      return undefined;
    }
    const timer = window.setTimeout(() => search.current(text), TYPING_MILLIS);
    return () => window.clearTimeout(timer);
  }, [text, value]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const typing =
        target.isContentEditable ||
        ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
      if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        input.current?.focus();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <TextField
      inputRef={input}
      type="search"
      size="small"
      value={text}
      onChange={event => setText(event.target.value)}
      placeholder={placeholder}
      inputProps={{ 'aria-label': label, maxLength: 200 }}
      InputProps={{
        startAdornment: (
          <InputAdornment position="start">
            <SearchIcon />
          </InputAdornment>
        ),
      }}
      disabled={disabled}
      sx={{ '& input': { fontSize: 14, py: '7px' }, ...sx }}
    />
  );
}
