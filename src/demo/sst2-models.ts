import type { DemoModel } from './model.ts';

/** What both models of this file share: they tell praise from blame in sentences of film reviews. */
const SENTIMENT = {
  owner: 'language-team',
  license: 'Apache-2.0',
  licenseLink: 'https://www.apache.org/licenses/LICENSE-2.0',
  libraryName: 'transformers',
  language: ['en'],
  tasks: ['text-classification', 'sentiment-analysis'],
  dataset: 'sst-2',
  metrics: { accuracy: 'Accuracy on the 872 validation sentences of SST-2, in percent.' },
} as const;

/** BERT on SST-2. Its last version has the published accuracy; the earlier ones are a plausible way there. */
export const BERT_SST2: DemoModel = {
  ...SENTIMENT,
  name: 'bert-base-uncased-sst2',
  externalId: 'google-bert/bert-base-uncased-sst2',
  description: 'BERT-Base, Uncased, fine-tuned on SST-2: the teacher of the smaller DistilBERT.',
  provider: 'Google Research',
  maturity: 'Generally Available',
  customProperties: { pretrained: false, labels: { names: ['NEGATIVE', 'POSITIVE'] }, accuracy_goal: 92.5 },
  paper: 'https://arxiv.org/abs/1810.04805',
  versions: [
    {
      name: 'v1',
      description: 'Demonstration: an invented first try by hand, before there was a pipeline.',
      author: 'ada',
      state: 'ARCHIVED',
      uri: 's3://models/bert-base-uncased-sst2/v1',
      format: 'pytorch',
      metrics: { accuracy: 90.8 },
      parameters: { learning_rate: 0.00005, batch_size: 16, epochs: 1, max_seq_length: 64 },
    },
    {
      name: 'v2',
      description: 'Demonstration: invented values of the first pipeline run.',
      author: 'ada',
      uri: 's3://models/bert-base-uncased-sst2/v2',
      format: 'safetensors',
      metrics: { accuracy: 92.1 },
      parameters: { learning_rate: 0.00003, batch_size: 32, epochs: 2, max_seq_length: 128 },
      trained: true,
    },
    {
      name: 'v3',
      description: 'The accuracy that the DistilBERT paper gives for BERT-base (table 1).',
      author: 'grace',
      uri: 's3://models/bert-base-uncased-sst2/v3',
      format: 'safetensors',
      metrics: { accuracy: 92.7 },
      parameters: { learning_rate: 0.00002, batch_size: 32, epochs: 3, max_seq_length: 128 },
      customProperties: { parameter_millions: 110n },
      trained: true,
    },
  ],
};

/** DistilBERT on SST-2. Its last version has the published accuracy and parameters. */
export const DISTILBERT_SST2: DemoModel = {
  ...SENTIMENT,
  name: 'distilbert-base-uncased-finetuned-sst-2-english',
  externalId: 'distilbert/distilbert-base-uncased-finetuned-sst-2-english',
  description: 'DistilBERT, fine-tuned on SST-2: two fifths smaller than its teacher, at nearly its accuracy.',
  provider: 'Hugging Face',
  maturity: 'Generally Available',
  customProperties: { pretrained: false, labels: { names: ['NEGATIVE', 'POSITIVE'] }, size_of_teacher: 0.6 },
  paper: 'https://arxiv.org/abs/1910.01108',
  versions: [
    {
      name: 'v1',
      description: 'Demonstration: invented values of the first pipeline run.',
      author: 'grace',
      state: 'ARCHIVED',
      uri: 's3://models/distilbert-sst2/v1',
      format: 'safetensors',
      metrics: { accuracy: 88.9 },
      parameters: { learning_rate: 0.00005, batch_size: 32, epochs: 1, max_seq_length: 64, distillation: true },
      trained: true,
    },
    {
      name: 'v2',
      description: 'Demonstration: invented values of the second pipeline run.',
      author: 'grace',
      uri: 's3://models/distilbert-sst2/v2',
      format: 'safetensors',
      metrics: { accuracy: 90.6 },
      parameters: { learning_rate: 0.00002, batch_size: 32, epochs: 2, max_seq_length: 128, distillation: true },
      trained: true,
    },
    {
      name: 'v3',
      description: 'Accuracy and parameters of the model card at Hugging Face.',
      author: 'grace',
      uri: 'https://huggingface.co/distilbert/distilbert-base-uncased-finetuned-sst-2-english',
      format: 'safetensors',
      metrics: { accuracy: 91.3 },
      parameters: { learning_rate: 0.00001, batch_size: 32, epochs: 3, max_seq_length: 128, warmup_steps: 600 },
      customProperties: { parameter_millions: 67n },
      trained: true,
    },
  ],
};
