/** APIs whose errors have these two members and no other, as their clients were made for them. */
const PLAIN = '/api/model_registry/';

/** True where errors at an address, or below the base of an API, tell more than code and message. */
export function tellsDetails(url: string): boolean {
  return !url.startsWith(PLAIN);
}

/** The OpenAPI schema of the errors of an API with this base. */
export function errorSchema(base: string): object {
  return tellsDetails(base) ? DETAILED : PLAIN_ERROR;
}

const PLAIN_ERROR = {
  type: 'object',
  description: 'Why a request was refused or failed.',
  required: ['code', 'message'],
  properties: {
    code: { type: 'string', description: 'The name of the HTTP status; of 422 it is that of 400.' },
    message: { type: 'string', description: 'What is wrong, in a sentence.' },
  },
  example: { code: 'Not Found', message: 'no registered model found for id 7: not found' },
};

const DETAILED = {
  ...PLAIN_ERROR,
  required: [...PLAIN_ERROR.required, 'requestId', 'retryable'],
  properties: {
    ...PLAIN_ERROR.properties,
    requestId: { type: 'string', description: 'The id by which the log has the request; also in `X-Request-Id`.' },
    retryable: {
      type: 'boolean',
      description: 'Whether the same request may go well later, and does no harm when it is sent again.',
    },
    field: { type: 'string', description: 'The parameter or member at fault, with points between names.' },
  },
  example: { ...PLAIN_ERROR.example, requestId: '0b6f6cd6-6bd5-4f4b-b7ad-1cd9b3d10b5c', retryable: false },
};
