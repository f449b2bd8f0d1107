import { useEffect, useRef, useState } from 'react';
import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import ContentCopyIcon from '@mui/icons-material/ContentCopyOutlined';
import CheckIcon from '@mui/icons-material/Check';
import { VisuallyHidden } from './VisuallyHidden';

/** What a {@link Digest} shows. */
export interface DigestProps {
  /** Such as `sha256:9c41…` or a commit. */
  value: string;
  /** What it is the digest of, for the copy button: `version v14`. */
  of?: string;
  /** A commit is cut after seven characters instead. */
  commit?: boolean;
  /** Keeps `sha256:` in front. */
  algorithm?: boolean;
  /** Without the button, where one copies elsewhere. */
  noCopy?: boolean;
}

/** A digest short enough to compare by eye: its first and last four characters. */
export function shortDigest(value: string, commit?: boolean): string {
  const bare = value.replace(/^sha256:/, '');
  if (commit) {
    return bare.slice(0, 7);
  }
  return bare.length > 12 ? `${bare.slice(0, 4)}…${bare.slice(-4)}` : bare;
}

/** A digest or commit, short, in monospace, whole on hover and in the clipboard. */
export function Digest(props: DigestProps) {
  const { value, of = 'digest', commit, algorithm, noCopy } = props;
  const [copied, setCopied] = useState(false);
  const timer = useRef<number>();
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const copy = async () => {
    await window.navigator.clipboard.writeText(value);
    setCopied(true);
    timer.current = window.setTimeout(() => setCopied(false), 2000);
  };
  const prefix = algorithm && value.startsWith('sha256:') ? 'sha256:' : '';
  return (
    <Box
      component="span"
      sx={{
        display: 'inline-flex',
        alignItems: 'center',
        whiteSpace: 'nowrap',
      }}
    >
      <Box
        component="code"
        title={value}
        sx={{
          fontFamily:
            'ui-monospace, Menlo, Consolas, "Liberation Mono", monospace',
          fontSize: 12,
          lineHeight: '18px',
        }}
      >
        {prefix}
        {shortDigest(value, commit)}
      </Box>
      {!noCopy && (
        <IconButton
          size="small"
          onClick={copy}
          aria-label={`Copy ${commit ? 'commit' : of}`}
          title={copied ? 'Copied' : 'Copy'}
          sx={{
            width: 24,
            height: 24,
            p: 0,
            my: '-3px',
            fontSize: 14,
            color: 'text.secondary',
          }}
        >
          {copied ? (
            <CheckIcon fontSize="inherit" />
          ) : (
            <ContentCopyIcon fontSize="inherit" />
          )}
        </IconButton>
      )}
      <VisuallyHidden role="status">{copied ? 'Copied' : ''}</VisuallyHidden>
    </Box>
  );
}
