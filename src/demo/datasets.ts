import { Artifact_State } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { DemoArtifact } from './graph.ts';

/** A public dataset. It belongs to no version alone, so a UUID begins its stored name. */
interface DemoDataset {
  readonly key: string;
  readonly uuid: string;
  readonly description: string;
  readonly uri: string;
  readonly sourceType: string;
  /** How many items each split has. */
  readonly splits: Readonly<Record<string, number>>;
  readonly features: Readonly<Record<string, string>>;
}

const DATASETS: readonly DemoDataset[] = [
  {
    key: 'sst-2',
    uuid: 'b2f6f7c0-5f0e-4a52-9a4e-3a1d0a6c1e05',
    description: 'Stanford Sentiment Treebank as in GLUE: sentences of film reviews, for or against.',
    uri: 'https://huggingface.co/datasets/stanfordnlp/sst2',
    sourceType: 'huggingface',
    splits: { train: 67_349, validation: 872, test: 1_821 },
    features: { sentence: 'string', label: 'class' },
  },
  {
    key: 'imagenet-1k',
    uuid: 'b2f6f7c0-5f0e-4a52-9a4e-3a1d0a6c1e01',
    description: 'ImageNet Large Scale Visual Recognition Challenge 2012: photographs in 1,000 classes.',
    uri: 'https://www.image-net.org/challenges/LSVRC/2012/',
    sourceType: 'http',
    splits: { train: 1_281_167, validation: 50_000, test: 100_000 },
    features: { image: 'image', label: 'class' },
  },
  {
    key: 'coco-2017',
    uuid: 'b2f6f7c0-5f0e-4a52-9a4e-3a1d0a6c1e02',
    description: 'Common Objects in Context: everyday scenes with the outlines of objects of 80 classes.',
    uri: 'https://cocodataset.org/',
    sourceType: 'http',
    splits: { train: 118_287, validation: 5_000, test: 40_670 },
    features: { image: 'image', objects: 'list<box>' },
  },
  {
    key: 'librispeech-test-clean',
    uuid: 'b2f6f7c0-5f0e-4a52-9a4e-3a1d0a6c1e03',
    description: 'LibriSpeech: audiobooks read in English, the clean test set.',
    uri: 'https://www.openslr.org/12/',
    sourceType: 'http',
    splits: { test: 2_620 },
    features: { audio: 'audio', text: 'string' },
  },
  {
    key: 'squad-1.1',
    uuid: 'b2f6f7c0-5f0e-4a52-9a4e-3a1d0a6c1e04',
    description: 'Stanford Question Answering Dataset 1.1: questions on paragraphs of Wikipedia.',
    uri: 'https://huggingface.co/datasets/rajpurkar/squad',
    sourceType: 'huggingface',
    splits: { train: 87_599, validation: 10_570 },
    features: { context: 'string', question: 'string', answers: 'list<span>' },
  },
];

/** The datasets as artifacts, each in the contexts that `usedIn` gives for its key. */
export function datasetArtifacts(usedIn: (dataset: string) => readonly string[]): DemoArtifact[] {
  return DATASETS.map(({ key, uuid, description, uri, sourceType, splits, features }) => ({
    key,
    type: 'kf.DataSet',
    name: `${uuid}:${key}`,
    contexts: usedIn(key),
    uri,
    state: Artifact_State.LIVE,
    properties: {
      description,
      source: uri,
      source_type: sourceType,
      schema: JSON.stringify(features),
      profile: JSON.stringify(splits),
    },
    customProperties: { splits: { ...splits } },
  }));
}
