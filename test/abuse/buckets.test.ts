import { describe, expect, test } from 'vitest';

import { createBuckets } from '../../src/limits/buckets.ts';
import { limitsFor } from '../../src/limits/limits.ts';
import { addressKey, payerOf } from '../../src/limits/payer.ts';

/** Buckets under a clock that the test turns. */
function rig(perSecond: number, burst: number) {
  const clock = { ms: 0 };
  return { clock, buckets: createBuckets({ perSecond, burst }, () => clock.ms) };
}

describe('a bucket', () => {
  test('holds its burst, and fills with time', () => {
    const { clock, buckets } = rig(10, 100);
    expect(buckets.take('a', 100)).toBe(true);
    expect(buckets.take('a', 1)).toBe(false);
    expect(buckets.wait('a', 25)).toBe(3);
    clock.ms += 2_500;
    expect(buckets.left('a')).toBe(25);
    expect(buckets.take('a', 25)).toBe(true);
    clock.ms += 3_600_000;
    expect(buckets.left('a')).toBe(100);
  });

  test('is one for each key', () => {
    const { buckets } = rig(10, 100);
    expect(buckets.take('a', 100)).toBe(true);
    expect(buckets.take('b', 100)).toBe(true);
  });

  test('takes back what was not used, and owes what was used beyond', () => {
    const { clock, buckets } = rig(10, 100);
    buckets.take('a', 80);
    buckets.give('a', 75);
    expect(buckets.left('a')).toBe(95);
    buckets.give('a', 50);
    expect(buckets.left('a')).toBe(100);
    buckets.give('a', -150);
    expect(buckets.left('a')).toBe(-50);
    expect(buckets.take('a', 1)).toBe(false);
    expect(buckets.wait('a', 1)).toBe(6);
    clock.ms += 6_000;
    expect(buckets.take('a', 1)).toBe(true);
  });

  test('lets more than it holds be taken where it is full, so that nothing is impossible', () => {
    const { clock, buckets } = rig(10, 100);
    expect(buckets.take('a', 1_000)).toBe(true);
    expect(buckets.left('a')).toBe(-900);
    expect(buckets.take('a', 1_000)).toBe(false);
    expect(buckets.wait('a', 1_000)).toBe(100);
    clock.ms += 100_000;
    expect(buckets.take('a', 1_000)).toBe(true);
  });

  test('is remembered however many others come, and full ones are forgotten first', () => {
    const { buckets } = rig(0.001, 10);
    buckets.take('debtor', 10);
    for (let index = 0; index < 50_000; index += 1) buckets.take(`other ${index}`, 1);
    expect(buckets.left('debtor')).toBeLessThan(1);
  });
});

test.each([
  ['127.0.0.1', 'address 127.0.0.1'],
  ['::ffff:10.1.2.3', 'address 10.1.2.3'],
  ['2001:db8:1:2:3:4:5:6', 'network 2001:db8:1:2'],
  ['2001:0db8:1:2::9', 'network 2001:db8:1:2'],
  ['2001:db8::1', 'network 2001:db8:0:0'],
  ['::1', 'network 0:0:0:0'],
  ['fe80::1%eth0', 'network fe80:0:0:0'],
  ['', 'address '],
])('the address %s counts as %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});

test('a caller who is known pays for themselves, wherever they are', () => {
  const caller = { name: 'alice', groups: [], by: 'jwt' } as const;
  expect(payerOf(caller, '10.0.0.1')).toBe(payerOf(caller, '10.0.0.2'));
  expect(payerOf({ ...caller, by: 'kubernetes' }, '10.0.0.1')).not.toBe(payerOf(caller, '10.0.0.1'));
  const nobody = { name: 'system:anonymous', groups: [], by: 'anonymous' } as const;
  expect(payerOf(nobody, '10.0.0.1')).not.toBe(payerOf(nobody, '10.0.0.2'));
});

describe('the limits of a gateway', () => {
  test('have no buckets for its own user alone', () => {
    expect(limitsFor({ open: true, loopback: true }, {})).toEqual({ maxInFlight: 256 });
  });

  test.each([
    { open: false, loopback: true },
    { open: true, loopback: false },
    { open: false, loopback: false },
  ])('have buckets where others can come: %j', (reach) => {
    expect(limitsFor(reach, {})).toEqual({
      maxInFlight: 256,
      cost: { perSecond: 2_000, burst: 20_000 },
      changes: { perSecond: 20, burst: 200 },
      failedLogins: { perSecond: 10 / 60, burst: 10 },
    });
  });

  test('are those of the flags', () => {
    const rate = { perSecond: 1, burst: 2 };
    expect(limitsFor({ open: true, loopback: true }, { cost: rate, maxInFlight: 3 })).toEqual({
      maxInFlight: 3,
      cost: rate,
    });
    expect(limitsFor({ open: false, loopback: false }, { cost: 'off', changes: 'off', failedLogins: rate })).toEqual({
      maxInFlight: 256,
      failedLogins: rate,
    });
  });
});
