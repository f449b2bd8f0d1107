import { InputError } from '@backstage/errors';
import { ConfigurationPart } from '@slipway/backstage-plugin-model-delivery-node';
import { Launcher } from '../config';
import { fillPlaceholders } from './placeholders';

/** What is needed to know of a version to serve it; kept in the state. */
export interface ServableVersion {
  version: string;
  digest: string;
  artifactUri: string;
  artifactDigest: string;
  /** What belongs to the release besides its artifact. */
  configuration?: ConfigurationPart[];
}

/** A command that is ready to run. */
export interface LaunchPlan {
  /** Program and arguments. */
  command: string[];
  env: Record<string, string>;
}

/**
 * What an artifact URI may look like. Each segment starts with a letter or digit, so that no value can climb out of a
 * folder or be taken for an option, and no character means anything to a program that should pass it on.
 */
const ARTIFACT_URI =
  /^([a-z][a-z0-9+.-]{0,30}):(\/{0,3}[A-Za-z0-9][A-Za-z0-9 ._@+=-]*(?:\/[A-Za-z0-9][A-Za-z0-9 ._@+=-]*)*)$/;
const VERSION = /^[A-Za-z0-9]+(?:[-_.+][A-Za-z0-9]+)*$/;
const DIGEST = /^[A-Za-z0-9]+:[A-Za-z0-9+/=_-]+$/;

/** Variables of the backend that a server may see. The rest may hold the secrets of the backend. */
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];

/**
 * Finds the launcher for a version.
 * @throws InputError when the version has no artifact URI, one that is not safe to pass on, or of an unknown scheme.
 */
export function findLauncher(
  launchers: Launcher[],
  version: {
    version: string;
    artifactUri?: string;
    artifactDigest: string;
  },
): Launcher {
  const { artifactUri } = version;
  if (!artifactUri) {
    throw new InputError(
      `Version ${version.version} has no artifact URI, so there is nothing to start; register it with artifact.uri`,
    );
  }
  const match = artifactUri.length <= 1000 && ARTIFACT_URI.exec(artifactUri);
  if (!match) {
    throw new InputError(
      `The artifact URI of version ${version.version} is ${JSON.stringify(
        artifactUri.slice(0, 200),
      )}; expected is a scheme, a colon and a path of letters, digits, spaces and . _ @ + = -, such as models:/churn/2`,
    );
  }
  if (!VERSION.test(version.version)) {
    throw new InputError(
      `${JSON.stringify(version.version)} is not a name of a version`,
    );
  }
  if (!DIGEST.test(version.artifactDigest)) {
    throw new InputError(
      `The artifact digest of version ${version.version} is malformed; such as sha256:9f86d0… is expected`,
    );
  }
  const launcher = launchers.find(({ scheme }) => scheme === match[1]);
  if (!launcher) {
    throw new InputError(
      `No launcher for artifacts with the scheme "${match[1]}" of version ${
        version.version
      }; modelDelivery.localServing.launchers has ${
        launchers.map(({ scheme }) => scheme).join(', ') || 'none'
      }`,
    );
  }
  return launcher;
}

/** Fills a launcher's command for one version and port. */
export function planLaunch(
  launcher: Launcher,
  version: ServableVersion,
  host: string,
  port: number,
): LaunchPlan {
  const values = {
    artifactUri: version.artifactUri,
    artifactPath: version.artifactUri.replace(/^[^:]*:\/*/, ''),
    artifactDigest: version.artifactDigest,
    version: version.version,
    host,
    port: String(port),
    node: process.execPath,
  };
  const passedOn = PASSED_ON.flatMap(name => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  // Which versions of prompts and settings belong to the release; the server knows where to find them
  const configured = version.configuration
    ? [
        [
          'SLIPWAY_CONFIGURATION',
          JSON.stringify(
            Object.fromEntries(
              version.configuration.map(({ name, digest }) => [name, digest]),
            ),
          ),
        ],
      ]
    : [];
  const own = Object.entries(launcher.env).map(([name, text]) => [
    name,
    fillPlaceholders(text, values),
  ]);
  return {
    command: launcher.command.map(text => fillPlaceholders(text, values)),
    env: Object.fromEntries([...passedOn, ...configured, ...own]),
  };
}
