// The questions that can be asked, each with its name on the wire, its bytes and its limits.
import type {
  CosignAnswer,
  CosignQuestion,
  DataAnswer,
  DataQuestion,
  DeliverAnswer,
  DeliverQuestion,
  FinishedAnswer,
  FinishedQuestion,
  LedgerAnswer,
  LedgerQuestion,
  OffersAnswer,
  OffersQuestion,
  OpenAnswer,
  OpenQuestion,
  PieceAnswer,
  PieceQuestion,
  RelayAnswer,
  RelayQuestion,
  ResultsAnswer,
  ResultsQuestion,
  StatusAnswer,
  StatusQuestion,
  UploadAnswer,
  UploadQuestion,
  WorkAnswer,
  WorkQuestion,
} from './questions.ts'

/** How a value becomes bytes and back; `decode` throws for anything but the one encoding of a value. */
export interface Form<T> {
  encode(value: T): Uint8Array
  decode(bytes: Uint8Array): T
}

export interface Protocol<Question, Answer> {
  /** `data`: on the wire /piecework/<network id>/data/1. */
  readonly name: string
  readonly question: Form<Question>
  readonly answer: Form<Answer>
  readonly maxQuestionBytes: number
  readonly maxAnswerBytes: number
  readonly timeoutMs: number
}

/** All of them, by name. */
export interface Protocols {
  readonly data: Protocol<DataQuestion, DataAnswer>
  readonly piece: Protocol<PieceQuestion, PieceAnswer>
  readonly upload: Protocol<UploadQuestion, UploadAnswer>
  readonly work: Protocol<WorkQuestion, WorkAnswer>
  readonly deliver: Protocol<DeliverQuestion, DeliverAnswer>
  readonly open: Protocol<OpenQuestion, OpenAnswer>
  readonly status: Protocol<StatusQuestion, StatusAnswer>
  readonly ledger: Protocol<LedgerQuestion, LedgerAnswer>
  readonly offers: Protocol<OffersQuestion, OffersAnswer>
  readonly cosign: Protocol<CosignQuestion, CosignAnswer>
  readonly relay: Protocol<RelayQuestion, RelayAnswer>
  readonly results: Protocol<ResultsQuestion, ResultsAnswer>
  readonly finished: Protocol<FinishedQuestion, FinishedAnswer>
}
