import { AuthenticationError, InputError } from '@backstage/errors';
import express, { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { isBasic, isSignedBy } from './authentication';
import { HookConfig } from './hookConfig';
import {
  FLAGGER_HOOKS,
  FlaggerHook,
  isYes,
  readFlaggerQuestion,
} from './platforms/flagger';
import { readGitHubQuestion } from './platforms/github';
import { readGitLabQuestion } from './platforms/gitlab';
import { ReleaseQuestions } from './ReleaseQuestions';

/** Path below the plugin under which hooks of other tools are. Their own credentials say who they are. */
export const HOOKS_PATH = '/release-hooks';

/** Flagger sends what the author of a Canary wrote; GitHub and GitLab describe repositories and merge requests at length. */
const FLAGGER_LIMIT = '64kb';
const PLATFORM_LIMIT = '1mb';

const UNKNOWN =
  'This hook is not in modelDelivery.releaseHooks, or its credentials are not those that are named there';

/** Takes the hooks of Flagger, GitHub and GitLab. Nothing is read of a body before it is known whose it is. */
export function createHooksRouter(
  config: HookConfig,
  questions: ReleaseQuestions,
): Router {
  const router = PromiseRouter();

  router.post(
    `${HOOKS_PATH}/flagger/:connection/:hook`,
    (req, _res, next) => {
      findFlagger(config, req);
      next();
    },
    express.json({ limit: FLAGGER_LIMIT, type: () => true }),
    async (req, res) => {
      const hook = FLAGGER_HOOKS.find(each => each === req.params.hook);
      if (!hook) {
        throw new InputError(
          `The hook ${req.params.hook} is not answered; ${FLAGGER_HOOKS.join(
            ', ',
          )} are`,
        );
      }
      const question = readFlaggerQuestion(
        findFlagger(config, req),
        hook,
        req.body,
      );
      const answer = await questions.answerNow(question);
      res
        .status(isYes(hook as FlaggerHook, answer) ? 200 : 403)
        .json({ verdict: answer.verdict, statement: answer.statement });
    },
  );

  const raw = express.raw({ limit: PLATFORM_LIMIT, type: () => true });

  router.post(`${HOOKS_PATH}/github/:connection`, raw, async (req, res) => {
    const connection = config.github.find(
      each => each.name === req.params.connection,
    );
    const body = bodyOf(req);
    if (
      !connection ||
      !isSignedBy(
        connection.webhookSecret,
        req.get('x-hub-signature-256'),
        body,
        'sha256=',
      )
    ) {
      throw new AuthenticationError(UNKNOWN);
    }
    if (req.get('x-github-event') !== 'deployment_protection_rule') {
      // Such as the ping when the app is made
      res.status(202).json({ state: 'ignored' });
      return;
    }
    const question = readGitHubQuestion(connection, parse(body));
    res.status(202).json(await questions.take(question));
  });

  router.post(`${HOOKS_PATH}/gitlab/:connection`, raw, async (req, res) => {
    const connection = config.gitlab.find(
      each => each.name === req.params.connection,
    );
    const body = bodyOf(req);
    if (
      !connection ||
      !isSignedBy(connection.sharedSecret, req.get('x-gitlab-signature'), body)
    ) {
      throw new AuthenticationError(UNKNOWN);
    }
    const question = readGitLabQuestion(connection, parse(body));
    // GitLab asks once more when somebody retries a check or edits the request: then it is told what is true now
    res.status(202).json(await questions.take(question, true));
  });

  return router;
}

function findFlagger(config: HookConfig, req: Request) {
  const connection = config.flagger.find(
    each => each.name === req.params.connection,
  );
  if (
    !connection ||
    !isBasic(req.get('authorization'), connection.name, connection.password)
  ) {
    throw new AuthenticationError(UNKNOWN);
  }
  return connection;
}

function bodyOf(req: Request): Buffer {
  return Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new InputError('The body is not JSON');
  }
}
