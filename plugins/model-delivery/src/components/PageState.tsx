import { ReactNode } from 'react';
import Box from '@mui/material/Box';
import Skeleton from '@mui/material/Skeleton';
import { readableError } from './errors';
import { ErrorNote } from './ErrorNote';
import { LockIcon } from './icons';
import { useLoading } from './OnceLoaded';
import { VisuallyHidden } from './VisuallyHidden';

/** What {@link PageState} needs to know of a load; `useLive` and `usePages` give it. */
export interface Loadable<T> {
  data: T | undefined;
  error: unknown;
  reload: () => void;
}

/** What a {@link PageState} shows. */
export interface PageStateProps<T> {
  state: Loadable<T>;
  /** What is loaded, for its messages: `models`, `the promotion`. */
  what: string;
  /** What to say when there is nothing: what would fill it, and how. */
  empty?: { title: string; text: ReactNode };
  /** Whether there is nothing in it. */
  isEmpty?: (data: T) => boolean;
  /** Lines of the placeholder while it loads. */
  lines?: number;
  children: (data: T) => ReactNode;
}

/**
 * Loading, refused, failed, empty, or the thing itself. What was once loaded stays while it is loaded anew, even when that
 * fails; the page's live dot then says how old it is.
 */
export function PageState<T>(props: PageStateProps<T>) {
  const { state, what, empty, isEmpty, lines = 4, children } = props;
  if (state.data !== undefined) {
    return empty && isEmpty?.(state.data) ? (
      <Message title={empty.title}>{empty.text}</Message>
    ) : (
      <>{children(state.data)}</>
    );
  }
  if (state.error) {
    const { status, message } = readableError(state.error);
    if (status === 401 || status === 403) {
      return (
        <Message title={`You may not see ${what}`} icon={<LockIcon />}>
          {message}
        </Message>
      );
    }
    if (status === 404) {
      return <Message title={`Not found: ${what}`}>{message}</Message>;
    }
    return (
      <ErrorNote
        title={`Could not load ${what}`}
        error={state.error}
        onRetry={state.reload}
      />
    );
  }
  return <Placeholder what={what} lines={lines} />;
}

function Placeholder({ what, lines }: { what: string; lines: number }) {
  useLoading();
  return (
    <Box aria-busy>
      <VisuallyHidden role="status">Loading {what}</VisuallyHidden>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton
          key={index}
          height={32}
          width={`${95 - ((index * 17) % 40)}%`}
        />
      ))}
    </Box>
  );
}

/** A sentence in place of content, and what to do about it. */
export function Message(props: {
  title: string;
  icon?: ReactNode;
  children?: ReactNode;
}) {
  const { title, icon, children } = props;
  return (
    <Box sx={{ py: 4, px: 2, textAlign: 'center', fontSize: 14 }}>
      {icon && (
        <Box sx={{ fontSize: 28, color: 'text.secondary' }} aria-hidden>
          {icon}
        </Box>
      )}
      <Box component="p" sx={{ m: 0, fontSize: 16, fontWeight: 700 }}>
        {title}
      </Box>
      {children && (
        <Box
          sx={{
            mx: 'auto',
            mt: 0.5,
            maxWidth: '60ch',
            lineHeight: '20px',
            color: 'text.secondary',
          }}
        >
          {children}
        </Box>
      )}
    </Box>
  );
}
