module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  rules: {
    // The typed client's methods are the names of HTTP's
    'new-cap': [
      'error',
      { capIsNewExceptions: ['GET', 'POST', 'PUT', 'DELETE'] },
    ],
  },
});
