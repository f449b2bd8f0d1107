const { createHash } = require('node:crypto');
const { TestEnvironment } = require('jest-environment-node');
const { middleware } = require('express-openapi-validator');

/** Checks that a process has compiled, by what they were made of. */
const made = new Map();

/**
 * Jest's environment for Node, in which the checks of the contract are those that another file's tests compiled before in the
 * same process: with the answers', they take as long as several tests.
 */
module.exports = class EnvironmentWithChecks extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.openApiValidator = options => {
      const { formats, ...rest } = options;
      const key = createHash('sha256')
        .update(JSON.stringify([rest, Object.keys(formats)]))
        .digest('hex');
      if (!made.has(key)) {
        made.set(key, middleware(options));
      }
      return made.get(key);
    };
  }
};
