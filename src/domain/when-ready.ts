/** The work on a value that may still be awaited; without a promise where the value is there already. */
export function whenReady<From, To>(value: From | Promise<From>, work: (value: From) => To): To | Promise<To> {
  return value instanceof Promise ? value.then(work) : work(value);
}
