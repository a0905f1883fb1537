import { times } from '../table.ts';
import type { Cost, Line } from './pairs.ts';

/** One call on both sides. */
export interface Result {
  readonly name: string;
  readonly ours: Cost;
  /** Undefined where there is no engine. */
  readonly engine: Cost | undefined;
  readonly aim?: Line['aim'];
  /** What the aim speaks of. */
  readonly judged: keyof Cost;
}

/** The heads of the columns of {@link toRow}. */
export const HEAD = ['call', 'engine wall', 'ours', 'gain', 'engine CPU', 'ours', 'gain', 'aim', ''];

/** The cells of a row: times in milliseconds per call. */
export function toRow({ name, ours, engine, aim, judged }: Result): string[] {
  const gains = engine && { wall: engine.wall / ours.wall, cpu: engine.cpu / ours.cpu };
  const cells = (of: keyof Cost) => [cell(engine?.[of]), cell(ours[of]), gains === undefined ? '' : times(gains[of])];
  return [
    name,
    ...cells('wall'),
    ...cells('cpu'),
    aim === undefined ? '' : `${aim} x ${judged === 'wall' ? 'wall' : 'CPU'}`,
    aim === undefined || gains === undefined ? '' : gains[judged] >= aim ? 'met' : 'missed',
  ];
}

function cell(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '' : milliseconds.toFixed(3);
}
