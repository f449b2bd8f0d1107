/** What names the version that is asked about; all that is given has to fit. */
export interface Named {
  /** Its name within the model. */
  version?: string;
  /** Its digest. */
  digest?: string;
  /** The commit that it was built from. */
  commit?: string;
  /** A name that it may have, such as the tag that is deployed: chooses among the versions of one commit. */
  hint?: string;
}

/** Where GitHub takes the answer. */
export interface GitHubReply {
  /** `owner/name`, from the configuration. */
  repository: string;
  runId: string;
  githubEnvironment: string;
  installationId: number;
}

/** Where GitLab takes the answer. */
export interface GitLabReply {
  projectId: number;
  mergeRequest: number;
  sha: string;
  checkId: number;
}

/** Whether a version may go on, as another tool asks it. */
export interface Question {
  platform: 'flagger' | 'github' | 'gitlab';
  /** Name in the configuration. */
  connection: string;
  /** What makes it the same question when it comes again. */
  key: string;
  /** Entity ref. */
  model: string;
  environment: string;
  named: Named;
  /** What asks, such as `run 42 of acme/churn`. */
  about: string;
  /** Absent for those that are answered at once. */
  reply?: GitHubReply | GitLabReply;
}

/** What a tool is told. */
export interface Answer {
  verdict: 'allowed' | 'waiting' | 'refused';
  statement: string;
}

/** Longest answer that is written into another tool, in characters. */
const LONGEST_COMMENT = 1_000;

/** The answer as a comment in another tool. */
export function toComment(answer: Answer): string {
  const text = `Slipway: ${answer.statement}`;
  return text.length > LONGEST_COMMENT
    ? `${text.slice(0, LONGEST_COMMENT - 1)}…`
    : text;
}
