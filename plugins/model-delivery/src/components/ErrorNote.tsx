import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { readableError } from './errors';

/** A refusal or failure in the server's own words, with the fields that were wrong. */
export function ErrorNote(props: {
  error: unknown;
  /** What did not come about, such as `The promotion was not requested`. */
  title?: string;
  /** What to do about it. */
  advice?: string;
  onRetry?: () => void;
}) {
  const { error, title, advice, onRetry } = props;
  const { message, fields } = readableError(error);
  return (
    <Alert
      severity="error"
      variant="outlined"
      action={
        onRetry && (
          <Button color="inherit" size="small" onClick={onRetry}>
            Try again
          </Button>
        )
      }
      sx={{ color: 'text.primary', fontSize: 13 }}
    >
      {title && <strong>{title}. </strong>}
      {message}
      {advice && `. ${advice}`}
      {fields.length > 0 && (
        <ul style={{ margin: '4px 0 0', paddingLeft: 18 }}>
          {fields.map(field => (
            <li key={field.path}>
              <code>{field.path}</code>: {field.message}
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}
