import type { Transaction } from './transaction.ts';

/**
 * Adds the indexes that our reads need and MLMD's schema lacks, where they are missing. The C++ engine works on with
 * them. All are named `modelgraph_`, so that what is ours in a file can be told.
 */
export async function addIndexes(transaction: Transaction): Promise<void> {
  for (const statement of INDEXES) await transaction.run(statement);
}

const INDEXES = [
  // From a node to its contexts; MLMD's UNIQUE keys lead from a context to its nodes only.
  'CREATE INDEX IF NOT EXISTS modelgraph_attribution_artifact ON Attribution (artifact_id)',
  'CREATE INDEX IF NOT EXISTS modelgraph_association_execution ON Association (execution_id)',
  // The children of a context in the order of their ids: the first few of a parent of thousands.
  'CREATE INDEX IF NOT EXISTS modelgraph_parent_context_child ON ParentContext (parent_context_id, context_id)',
  // The nodes of a type in the order of their ids.
  'CREATE INDEX IF NOT EXISTS modelgraph_artifact_type ON Artifact (type_id, id)',
  'CREATE INDEX IF NOT EXISTS modelgraph_execution_type ON Execution (type_id, id)',
  'CREATE INDEX IF NOT EXISTS modelgraph_context_type ON Context (type_id, id)',
  // In the order of their times, the newest first or last: without it each page sorts all nodes of the type.
  ...['Artifact', 'Execution', 'Context'].flatMap((table) =>
    ['create_time', 'last_update_time'].map(
      (time) =>
        `CREATE INDEX IF NOT EXISTS modelgraph_${table.toLowerCase()}_${time} ON ${table} (type_id, ${time}_since_epoch)`,
    ),
  ),
];
