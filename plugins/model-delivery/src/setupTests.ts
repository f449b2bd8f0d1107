import '@testing-library/jest-dom';

/**
 * Styles are not put into the page: looking for something by role has jsdom compare each element with each rule, which takes
 * longer than all else that a test does. What styles hide or show is looked at in Chromium.
 */
jest.mock('@emotion/sheet', () => {
  const { StyleSheet } = jest.requireActual('@emotion/sheet');
  return {
    StyleSheet: class StyleSheetWithoutRules extends StyleSheet {
      insert() {}
    },
  };
});
/** By which JSS decides whether there is a page. */
jest.mock('is-in-browser', () => ({
  __esModule: true,
  default: false,
  isBrowser: false,
}));
