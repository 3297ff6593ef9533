// Made from idl.json by generate/main.ts: change that file, not this one.

#[repr(u64)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Error {
    /// The first byte of the data names no instruction of this program.
    UnknownInstruction = 1000,
    /// The instruction's data is not as long as its arguments.
    WrongData = 1001,
    /// The instruction was given too few or too many accounts.
    WrongAccountCount = 1002,
    /// An account that has to sign did not.
    NotSigner = 1003,
    /// An account that has to be writable is not.
    NotWritable = 1004,
    /// An account is owned by another program than it should be.
    WrongOwner = 1005,
    /// An account of this program is of another kind than the one asked for.
    WrongKind = 1006,
    /// An account was written by another version of the program.
    WrongVersion = 1007,
    /// An account belongs to another network.
    WrongNetwork = 1008,
    /// An account is not at the address that its seeds give.
    WrongAddress = 1009,
    /// The token or system program's place holds another account.
    WrongProgram = 1010,
    /// The account to be made exists already.
    AlreadyExists = 1011,
    /// A number left its range.
    Overflow = 1012,
    /// Only the network's authority may do this.
    NotAuthority = 1013,
    /// The mint is not an initialised mint of the classic token program, or not the network's.
    WrongMint = 1014,
    /// A token account is not one of the network's mint, or not of the owner asked for.
    WrongTokenAccount = 1015,
    /// The account in the vault's place is not the network's vault.
    WrongVault = 1016,
    /// The proof does not lead from the leaf to the root.
    WrongProof = 1017,
    /// No final root of that epoch is kept: use a newer one.
    RootNotKept = 1018,
    /// The epoch account holds another epoch than the one asked for.
    WrongEpoch = 1019,
    /// The network has not started yet.
    NotStarted = 1020,
    /// The network has started already.
    AlreadyStarted = 1021,
    /// The network is paused.
    Paused = 1022,
    /// One account was given in two places that must differ.
    SameAccountTwice = 1023,
    /// The runtime or a called program refused something that this program has no code for.
    Runtime = 1024,
    /// A phase, the margin or the epoch has no slots.
    PhaseTooShort = 1030,
    /// Grace, inventory, margin, challenge, commit, reveal, round and dispute are longer than an epoch together.
    PhasesDontFit = 1031,
    /// An epoch is longer than MAX_LENGTH slots.
    EpochTooLong = 1032,
    /// The maturity of roots is longer than 15 epochs, so that no kept root would be mature.
    MaturityTooLong = 1033,
    /// The outflow window is empty or longer than the maximum, or its limit is zero.
    OutflowOutOfBounds = 1034,
    /// The longest pause is zero or longer than the maximum.
    PauseTooLong = 1035,
    /// The cooldown of stakes is shorter than the time in which evidence counts.
    CooldownTooShort = 1036,
    /// Evidence counts for no longer than a stint may be carried.
    EvidenceTooShort = 1037,
    /// A number of epochs is zero or more than MAX_EPOCHS, or the cooldown is longer than eight weeks.
    EpochsOutOfBounds = 1038,
    /// A share in hundredths of a percent is above its bound, or the draw rate is zero or above one.
    ShareOutOfBounds = 1039,
    /// Checkers, enrolments per epoch, trial rows or stamp bits are outside their bounds.
    CountOutOfBounds = 1040,
    /// The least deposit or the least stake is zero.
    AmountOutOfBounds = 1041,
    /// The stake is below the network's least stake.
    StakeTooSmall = 1050,
    /// The vote key must be another key than the operator's.
    VoteKeyIsOperator = 1051,
    /// Another verifier of the roster has this vote key.
    VoteKeyTaken = 1052,
    /// All seats are taken: the stake must be 1.1 times the smallest one.
    StakeBelowDisplacement = 1053,
    /// The roster has no free entry: retire a verifier that has left, then try again.
    RosterFull = 1054,
    /// The network has given its last id of this sort.
    NoMoreIds = 1055,
    /// A network without a verifier cannot start.
    NoVerifiers = 1060,
    /// The cluster's slot hashes could not be read.
    NoSlotHash = 1061,
    /// A signer is not the vote key of a seat of this epoch.
    NotSeated = 1062,
    /// The post is of no known sort, or has not one value a voter, or a job where none belongs.
    WrongWhat = 1063,
    /// The window for this post has not begun.
    PostTooEarly = 1064,
    /// The window for this post is over.
    PostTooLate = 1065,
    /// A verifier has posted this already.
    AlreadyPosted = 1066,
    /// The job is open already.
    JobOpen = 1067,
    /// The job is closed.
    JobClosed = 1068,
    /// The job's list of holders is full of verifiers that still have seats.
    TooManyHolders = 1069,
    /// The epoch is final.
    EpochFinal = 1070,
    /// The epoch is not sealed.
    NotSealed = 1071,
    /// The epoch's target slot is not known yet, or has not passed.
    SealTooEarly = 1072,
    /// Challenge, commit and reveal are not over.
    ProposeTooEarly = 1073,
    /// The epoch is in another round.
    WrongRound = 1074,
    /// The signer is not the proposer drawn for this round.
    NotProposer = 1075,
    /// This round has a candidate.
    AlreadyProposed = 1076,
    /// A ledger has fewer leaves than under the latest final root.
    CountShrinks = 1077,
    /// A ledger's total is smaller than under the latest final root.
    TotalShrinks = 1078,
    /// More would be paid than was charged.
    PaidAboveCharged = 1079,
    /// Charged and refunded would be more than was deposited.
    ChargedAboveDeposited = 1080,
    /// The round's slots are not over.
    RoundNotOver = 1081,
    /// The candidate has its quorum: it becomes final or is cancelled by a dispute.
    QuorumReached = 1082,
    /// This round has no candidate.
    NoCandidate = 1083,
    /// The vote names another attestation than the candidate.
    WrongAttestation = 1084,
    /// A verifier has voted in this round already.
    AlreadyVoted = 1085,
    /// Not more than 2/3 of the stake has voted.
    NoQuorum = 1086,
    /// The dispute slots are not over.
    DisputeNotOver = 1087,
    /// The epoch is final: nothing of it can be disputed any more.
    DisputeOver = 1088,
    /// A named seat is empty, dropped already, or was active within the slots of inactive_epochs, not counting a pause; or everybody can still post.
    NotInactive = 1089,
    /// Less than half of the snapshot's stake would still count.
    TooFewLeft = 1090,
    /// There is no such ledger, or its leaf counts do not reach this index.
    WrongLedger = 1091,
    /// The candidate's leaf has the same owner and no smaller amount: there is nothing to dispute.
    NothingWrong = 1092,
    /// The account in the disputer's place did not open this dispute.
    WrongDisputer = 1093,
    /// A proposed ledger cannot be one: it has more leaves than there are owners, or a root or total without any.
    BadLedger = 1094,
    /// The disputed epoch is not final: the dispute can still be proven.
    DisputeNotSettled = 1095,
    /// Nobody else would have a seat: another verifier has to join before this one can leave.
    LastVerifier = 1096,
    /// A change of parameters is still pending.
    ParamsPending = 1100,
    /// Only the nominated authority may accept.
    NotNominee = 1101,
    /// After a pause the network cannot be paused again for as long.
    PauseTooSoon = 1102,
    /// The network is not paused.
    NotPaused = 1103,
    /// Only the verifier's operator may do this.
    NotOperator = 1104,
    /// The verifier is not in the roster.
    NotInRoster = 1105,
    /// The verifier is leaving already.
    AlreadyLeaving = 1106,
    /// The verifier still has a seat in an epoch that is not final.
    NotExited = 1107,
    /// The verifier's stake is still in the roster: retire it first.
    NotRetired = 1108,
    /// The stake's cooldown is not over.
    CooldownNotOver = 1109,
    /// A slash has not been applied yet: apply it first.
    SlashPending = 1110,
    /// The deposit is below the network's least deposit.
    DepositTooSmall = 1111,
    /// The job's rule, or a number it needs, is not valid.
    WrongRule = 1112,
    /// Only the job's requester may do this.
    NotRequester = 1113,
    /// The job's leaf does not say that it is done.
    JobNotDone = 1114,
    /// No account of the latest final root has its place on this page.
    PageNotNeeded = 1115,
    /// The account index has its place on another page.
    WrongPage = 1116,
    /// Account 0 is the commons: nobody can claim it.
    CommonsNotClaimable = 1117,
    /// Everything under this root has been claimed.
    NothingToClaim = 1118,
    /// A carried claim pays less than the wallet asks for.
    BelowMinAmount = 1119,
    /// The carrier's fee is above what the wallet or the network allows, or the wallet signed itself.
    FeeTooHigh = 1120,
    /// The tokens may only go to the owner's associated token account, or to one it owns if it signs.
    WrongDestination = 1121,
    /// The window's limit for claims under young roots is reached: claim under a mature root, or later.
    OutflowLimit = 1122,
    /// More would be claimed than was ever paid.
    ClaimedAbovePaid = 1123,
    /// The slash was applied already, or this epoch's part of it.
    NothingToSlash = 1124,
    /// Evidence may not count for longer than before: of older rows nobody keeps what it is judged with.
    EvidenceRaised = 1125,
}
