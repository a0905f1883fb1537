import type { DemoModel } from './model.ts';

/** Whisper in three sizes, with the word error rates of the model cards at Hugging Face. */
export const WHISPER: DemoModel = {
  name: 'whisper',
  externalId: 'openai/whisper',
  description: 'Whisper writes down what is said in 99 languages, and translates it into English.',
  owner: 'speech-team',
  provider: 'OpenAI',
  license: 'MIT',
  licenseLink: 'https://github.com/openai/whisper/blob/main/LICENSE',
  libraryName: 'transformers',
  maturity: 'Generally Available',
  language: ['en', 'zh', 'de', 'es', 'ru', 'ko', 'fr', 'ja', 'pt', 'it'],
  tasks: ['automatic-speech-recognition', 'translation'],
  customProperties: { pretrained: true, training_hours: 680_000n, sample_rate_hz: 16_000n, window_seconds: 30 },
  paper: 'https://arxiv.org/abs/2212.04356',
  dataset: 'librispeech-test-clean',
  metrics: { wer: 'Word error rate on LibriSpeech test-clean without fine-tuning, in percent; less is better.' },
  versions: [
    {
      name: 'tiny',
      description: '39 million parameters.',
      author: 'OpenAI',
      uri: 'https://huggingface.co/openai/whisper-tiny',
      format: 'safetensors',
      metrics: { wer: 7.55 },
      parameters: { layers: 4, width: 384, heads: 6, multilingual: true },
      customProperties: { parameter_millions: 39n },
    },
    {
      name: 'base',
      description: '74 million parameters.',
      author: 'OpenAI',
      uri: 'https://huggingface.co/openai/whisper-base',
      format: 'safetensors',
      metrics: { wer: 5.01 },
      parameters: { layers: 6, width: 512, heads: 8, multilingual: true },
      customProperties: { parameter_millions: 74n },
    },
    {
      name: 'small',
      description: '244 million parameters.',
      author: 'OpenAI',
      uri: 'https://huggingface.co/openai/whisper-small',
      format: 'safetensors',
      metrics: { wer: 3.43 },
      parameters: { layers: 12, width: 768, heads: 12, multilingual: true },
      customProperties: { parameter_millions: 244n },
    },
  ],
};

const BERT_SOURCE = 'https://storage.googleapis.com/bert_models';

/** BERT fine-tuned on SQuAD 1.1, with the scores of the paper and of google-research/bert. */
export const BERT_SQUAD: DemoModel = {
  name: 'bert-squad',
  externalId: 'google-research/bert-squad',
  description: 'BERT, fine-tuned to mark the answer to a question in a paragraph of Wikipedia.',
  owner: 'language-team',
  provider: 'Google Research',
  license: 'Apache-2.0',
  licenseLink: 'https://github.com/google-research/bert/blob/master/LICENSE',
  libraryName: 'tensorflow',
  maturity: 'Generally Available',
  language: ['en'],
  tasks: ['question-answering'],
  customProperties: { pretrained: true, vocabulary: 30_522n, input: { max_seq_length: 384, lower_case: true } },
  paper: 'https://arxiv.org/abs/1810.04805',
  dataset: 'squad-1.1',
  metrics: {
    f1: 'Overlap of the words of answer and truth on SQuAD 1.1 dev, in percent.',
    exact_match: 'Answers that agree with the truth to the letter, in percent.',
  },
  versions: [
    {
      name: 'base-uncased',
      description:
        'BERT-Base, Uncased: the single model of the paper. The uri is of the checkpoint before fine-tuning.',
      author: 'Devlin, Chang, Lee, Toutanova',
      uri: `${BERT_SOURCE}/2018_10_18/uncased_L-12_H-768_A-12.zip`,
      format: 'tensorflow',
      metrics: { f1: 88.5, exact_match: 80.8 },
      parameters: { learning_rate: 0.00005, batch_size: 32, epochs: 3, layers: 12, hidden_size: 768, heads: 12 },
      customProperties: { parameter_millions: 110n },
    },
    {
      name: 'large-uncased',
      description: 'BERT-Large, Uncased (Original). The uri is of the checkpoint before fine-tuning.',
      author: 'Devlin, Chang, Lee, Toutanova',
      uri: `${BERT_SOURCE}/2018_10_18/uncased_L-24_H-1024_A-16.zip`,
      format: 'tensorflow',
      metrics: { f1: 91, exact_match: 84.3 },
      parameters: { learning_rate: 0.00003, batch_size: 24, epochs: 2, layers: 24, hidden_size: 1024, heads: 16 },
      customProperties: { parameter_millions: 340n },
    },
    {
      name: 'large-uncased-wwm',
      description: 'BERT-Large, Uncased (Whole Word Masking). The uri is of the checkpoint before fine-tuning.',
      author: 'google-research',
      uri: `${BERT_SOURCE}/2019_05_30/wwm_uncased_L-24_H-1024_A-16.zip`,
      format: 'tensorflow',
      metrics: { f1: 92.8, exact_match: 86.7 },
      parameters: { learning_rate: 0.00003, batch_size: 24, epochs: 2, layers: 24, hidden_size: 1024, heads: 16 },
      customProperties: { parameter_millions: 340n, whole_word_masking: true },
    },
  ],
};
