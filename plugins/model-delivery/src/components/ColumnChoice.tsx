import Box from '@mui/material/Box';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';

/** What a {@link ColumnChoice} offers. */
export interface ColumnChoiceProps {
  columns: { id: string; title: string }[];
  /** Ids of those that are shown. */
  chosen: string[];
  /** How many may be shown; all of them unless given. */
  most?: number;
  onChange: (chosen: string[]) => void;
}

/** Which columns a table shows: a box for each. */
export function ColumnChoice(props: ColumnChoiceProps) {
  const { columns, chosen, most = Infinity, onChange } = props;
  return (
    <Box
      component="fieldset"
      sx={{ m: 0, p: 0, border: 0, minWidth: 0, fontSize: 13 }}
    >
      <legend>Columns</legend>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2 }}>
        {columns.map(({ id, title }) => {
          const shown = chosen.includes(id);
          return (
            <FormControlLabel
              key={id}
              control={
                <Checkbox
                  size="small"
                  checked={shown}
                  disabled={!shown && chosen.length >= most}
                  onChange={() =>
                    onChange(
                      shown
                        ? chosen.filter(each => each !== id)
                        : [...chosen, id],
                    )
                  }
                />
              }
              label={title}
              componentsProps={{ typography: { fontSize: 13 } }}
            />
          );
        })}
      </Box>
    </Box>
  );
}
