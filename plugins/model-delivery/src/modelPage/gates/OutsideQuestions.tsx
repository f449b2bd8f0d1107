import Box from '@mui/material/Box';
import {
  dataOf,
  ReleaseQuestion,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, usePages } from '../../api';
import {
  Card,
  ScrollRegion,
  StateLabel,
  Sub,
  tableSx,
  Time,
} from '../../components';
import { useModelName } from '../useModelDetail';

const SHOWN = 10;
const PLATFORMS: Record<ReleaseQuestion['platform'], string> = {
  flagger: 'Flagger',
  github: 'GitHub',
  gitlab: 'GitLab',
};

/** The latest that Flagger, GitHub and GitLab asked about the model's releases. Nothing is drawn where none of them asks. */
export function OutsideQuestions() {
  const { ref, namespace, name } = useModelName();
  const questions = usePages(
    `release-questions/${ref}`,
    async ({ client, cursor, signal }) =>
      dataOf(
        await client.GET('/models/{namespace}/{name}/release-questions', {
          params: {
            path: { namespace, name },
            query: { limit: SHOWN, cursor },
          },
          signal,
        }),
      ),
    question => question.id,
    { concerns: concernsModel(ref), pollSeconds: 30 },
  );
  if (!questions.data?.length) {
    return null;
  }
  return (
    <Card title="Asked by other tools">
      <ScrollRegion label="Table of what other tools asked">
        <Box component="table" sx={tableSx}>
          <thead>
            <tr>
              <th scope="col">Asked by</th>
              <th scope="col">Version</th>
              <th scope="col">For</th>
              <th scope="col">Answer</th>
              <th scope="col" className="num">
                Asked
              </th>
            </tr>
          </thead>
          <tbody>
            {questions.data.map(question => (
              <tr key={question.id}>
                <th scope="row">
                  {PLATFORMS[question.platform]} {question.connection}
                  <Sub>{question.about}</Sub>
                </th>
                <td>{question.version ?? 'Not known yet'}</td>
                <td>{question.environment}</td>
                <td>
                  <AnswerLabel question={question} />
                  {question.statement && <Sub>{question.statement}</Sub>}
                  {question.error && (
                    <Sub>
                      {question.state === 'open' && 'Not delivered yet: '}
                      {question.error}
                    </Sub>
                  )}
                </td>
                <td className="num">
                  <Time at={question.askedAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </Box>
      </ScrollRegion>
    </Card>
  );
}

function AnswerLabel(props: { question: ReleaseQuestion }) {
  const { state, verdict } = props.question;
  if (state === 'failed') {
    return <StateLabel verdict="error">Not delivered</StateLabel>;
  }
  if (verdict === 'allowed') {
    return <StateLabel verdict="passed">Allowed</StateLabel>;
  }
  return verdict === 'refused' ? (
    <StateLabel verdict="failed">Refused</StateLabel>
  ) : (
    <StateLabel waiting="judgement">Waits</StateLabel>
  );
}
