import type { MetadataStore } from '../mlmd/store.ts';
export async function fillWithDemoData(_store: MetadataStore): Promise<void> {}
