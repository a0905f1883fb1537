import type { Reporter, TestModule } from 'vitest/node';

/**
 * Closes a run of vitest with the line `N passed, N failed, N skipped`, alone, for machines that read it. A file that
 * fails outside of its tests, in a hook or an import, counts as one failure, and so does an error that nobody caught.
 */
export const closingLine: Reporter = {
  onTestRunEnd(modules, unhandled) {
    const results = modules.flatMap(resultsOf);
    const count = (state: string) => results.filter((each) => each === state).length;
    const failed = count('failed') + unhandled.length;
    console.log(`${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped`);
  },
};

function resultsOf(module: TestModule): string[] {
  const results = Array.from(module.children.allTests(), (test) => test.result().state);
  return module.state() === 'failed' && !results.includes('failed') ? [...results, 'failed'] : results;
}
