import { useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import {
  dataOf,
  FieldError,
  Policy,
  PolicyTrial,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../api';
import { Card, Code, ErrorNote, StateLabel } from '../components';
import { buttonSx } from '../promotions/buttonSx';
import { Notice } from '../promotions/Notice';
import { useSubmit } from '../promotions/useSubmit';
import { draftOn } from './draftOn';
import { TrialResult } from './TrialResult';

/** Longest draft that the API takes, in characters. */
const LONGEST = 65_536;
/** Promotions that are looked at for one page. */
const PAGE = 50;

/** A place to write a policy before it is one: what is wrong with it, and which past verdicts it would have changed. */
export function TryDraftCard(props: { policy: Policy }) {
  const { policy } = props;
  const client = useModelDelivery();
  const [yaml, setYaml] = useState('');
  const [errors, setErrors] = useState<FieldError[]>();
  const [pages, setPages] = useState<PolicyTrial[]>([]);

  const check = useSubmit(async (text: string) => {
    const answer = await client.POST('/policies/validate', {
      body: { yaml: text },
    });
    setPages([]);
    setErrors(dataOf(answer).errors);
  });
  const attempt = useSubmit(
    async ({ text, cursor }: { text: string; cursor?: string }) => {
      const page = dataOf(
        await client.POST('/policies/try', {
          params: { query: { limit: PAGE, cursor } },
          body: { yaml: text },
        }),
      );
      setErrors(page.errors);
      setPages(known => (cursor ? [...known, page] : [page]));
    },
  );
  const write = (text: string) => {
    setYaml(text);
    // What is said below was said of another draft
    setErrors(undefined);
    setPages([]);
  };
  const isBusy = check.pending || attempt.pending;
  const isEmpty = yaml.trim() === '';
  const start = isEmpty ? draftOn(policy) : undefined;
  const failure = check.error ?? attempt.error;

  return (
    <Card
      title="Try a draft"
      aside="Nothing is put in force; a draft is not kept"
    >
      <TextField
        fullWidth
        multiline
        minRows={6}
        maxRows={24}
        label="Policy, in YAML"
        placeholder="The whole text of a policy file, as you would put it beside the others"
        value={yaml}
        onChange={event => write(event.target.value)}
        InputLabelProps={{ shrink: true }}
        inputProps={{ maxLength: LONGEST, spellCheck: false }}
        sx={{
          '& textarea': {
            fontFamily:
              'ui-monospace, Menlo, Consolas, "Liberation Mono", monospace',
            fontSize: 12,
            lineHeight: '18px',
          },
        }}
      />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 1, mb: 2 }}>
        <Button
          sx={buttonSx}
          variant="contained"
          disabled={isBusy || isEmpty}
          onClick={() => attempt.submit({ text: yaml })}
        >
          {attempt.pending ? 'Trying…' : 'Try on past promotions'}
        </Button>
        <Button
          sx={buttonSx}
          variant="outlined"
          disabled={isBusy || isEmpty}
          onClick={() => check.submit(yaml)}
        >
          Check only
        </Button>
        {start && (
          <Button sx={buttonSx} variant="outlined" onClick={() => write(start)}>
            Begin with one that builds on {policy.name}
          </Button>
        )}
      </Box>
      {Boolean(failure) && (
        <ErrorNote title="The draft was not tried" error={failure} />
      )}
      {errors && <Errors errors={errors} />}
      {pages.length > 0 && (
        <TrialResult
          pages={pages}
          isLoading={attempt.pending}
          onMore={cursor => attempt.submit({ text: yaml, cursor })}
        />
      )}
    </Card>
  );
}

function Errors(props: { errors: FieldError[] }) {
  const { errors } = props;
  return (
    <Box role="status" sx={{ mb: 2 }}>
      {errors.length === 0 ? (
        <StateLabel verdict="passed">
          Nothing is wrong: it could come into force
        </StateLabel>
      ) : (
        <Notice tone="warned">
          <b>It would not come into force:</b>
          <Box
            component="ul"
            aria-label="What is wrong with the draft"
            sx={{ m: '4px 0 0', pl: 2.25, overflowWrap: 'anywhere' }}
          >
            {errors.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                {path && (
                  <>
                    <Code>{path}</Code>{' '}
                  </>
                )}
                {message}
              </li>
            ))}
          </Box>
        </Notice>
      )}
    </Box>
  );
}
