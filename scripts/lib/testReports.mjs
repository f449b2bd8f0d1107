import { relative } from 'node:path';
import { readJson } from './files.mjs';
import { root } from './paths.mjs';

/**
 * What came of a stage.
 * @typedef {{ passed: number, failed: number, skipped: number, failures: string[], skips: string[] }} Outcome
 */

/** The outcome of a stage without tests of its own: one check. */
export function oneCheck(passed) {
  return {
    passed: passed ? 1 : 0,
    failed: passed ? 0 : 1,
    skipped: 0,
    failures: [],
    skips: [],
  };
}

/** Adds outcomes up. */
export function sum(outcomes) {
  return outcomes.reduce(
    (total, each) => ({
      passed: total.passed + each.passed,
      failed: total.failed + each.failed,
      skipped: total.skipped + each.skipped,
      failures: [...total.failures, ...each.failures],
      skips: [...total.skips, ...each.skips],
    }),
    { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] },
  );
}

/**
 * Counts the single tests of Jest's JSON report. A file that could not be run counts as one failure.
 * @returns {Outcome | undefined} `undefined` when there is no report, hence no result to trust
 */
export function readJestReport(file) {
  const report = readJson(file);
  if (!report) {
    return undefined;
  }
  const failures = [];
  const skips = [];
  for (const suite of report.testResults) {
    const where = relative(root, suite.name);
    if (suite.assertionResults.length === 0 && suite.status === 'failed') {
      failures.push(`${where}: ${firstLine(suite.message)}`);
    }
    for (const test of suite.assertionResults) {
      const name = `${where}: ${test.fullName}`;
      if (test.status === 'failed') {
        failures.push(name);
      } else if (
        ['pending', 'skipped', 'todo', 'disabled'].includes(test.status)
      ) {
        skips.push(name);
      }
    }
  }
  return {
    passed: report.numPassedTests,
    failed: failures.length,
    skipped: skips.length,
    failures,
    skips,
  };
}

/**
 * Counts the single tests of Playwright's JSON report. A test that passed only when repeated has failed.
 * @returns {Outcome | undefined} `undefined` when there is no report
 */
export function readPlaywrightReport(file) {
  const report = readJson(file);
  if (!report) {
    return undefined;
  }
  const outcome = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
  const visit = (suite, path) => {
    const names = suite.title ? [...path, suite.title] : path;
    (suite.suites ?? []).forEach(each => visit(each, names));
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        const name = [...names, spec.title].join(' › ');
        if (test.status === 'expected') {
          outcome.passed += 1;
        } else if (test.status === 'skipped') {
          outcome.skipped += 1;
          outcome.skips.push(name);
        } else {
          outcome.failed += 1;
          outcome.failures.push(
            test.status === 'flaky'
              ? `${name} (passed only when repeated)`
              : name,
          );
        }
      }
    }
  };
  report.suites.forEach(suite => visit(suite, []));
  for (const error of report.errors ?? []) {
    outcome.failed += 1;
    outcome.failures.push(firstLine(error.message));
  }
  return outcome;
}

/** The first line of a message, without the terminal's colours. */
function firstLine(message = 'no message') {
  // eslint-disable-next-line no-control-regex
  return message
    .replace(/\u001b\[[0-9;]*m/g, '')
    .trim()
    .split('\n')[0];
}
