/** Why a registry is not as it should be: a word for programs, and a sentence for people. */
export interface Problem {
  readonly reason: string;
  readonly message: string;
}
