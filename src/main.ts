import { runCommandLine } from './cli/run.ts';
import { createProgram } from './program.ts';

process.exitCode = await runCommandLine(createProgram());
