import Box from '@mui/material/Box';
import { useTones } from './tones';
import { VisuallyHidden } from './VisuallyHidden';

const WORDS: Readonly<Record<string, string>> = {
  teamSize: 'team size',
  intendedUse: 'intended use',
};

/** Fields of an entity in words: `owner, risk and intended use`. */
export function fieldsInWords(fields: string[]): string {
  const words = fields.map(field => WORDS[field] ?? field);
  return words.length > 1
    ? `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`
    : words.join('');
}

/** Says that nobody has stated all that a model must say of itself; nothing when somebody has. */
export function ToBeCompletedChip(props: {
  /** The fields that are missing. */
  fields: string[] | undefined;
}) {
  const { fields = [] } = props;
  const tones = useTones();
  if (fields.length === 0) {
    return null;
  }
  const words = fieldsInWords(fields);
  return (
    <Box
      component="span"
      title={`Not stated yet: ${words}${
        fields.includes('risk') ? '. Until then it counts as high risk' : ''
      }`}
      sx={{
        display: 'inline-block',
        px: '6px',
        borderRadius: '4px',
        fontSize: 11,
        lineHeight: '18px',
        fontWeight: 500,
        color: tones.warned.text,
        bgcolor: tones.warned.surface,
        whiteSpace: 'nowrap',
      }}
    >
      To be completed<VisuallyHidden>: {words}</VisuallyHidden>
    </Box>
  );
}
