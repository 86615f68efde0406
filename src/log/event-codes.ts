/** What a code means, whichever reel and machine it is told of. */
export interface CodeMeaning {
  /** `warn`: frames, time or a result were lost, and the work goes on; `error`: it does not. */
  readonly level: 'info' | 'warn' | 'error';
  /** `start` is answered by an end of the same kind; `end` has a duration; `info` is neither. */
  readonly type: 'start' | 'end' | 'info';
  /** What happened, as a sentence. */
  readonly meaning: string;
  /** What a person may do, as a sentence; absent where there is nothing to do. */
  readonly advice?: string;
}

const RUN_CODES = {
  RUN_STARTED: { level: 'info', type: 'start', meaning: 'A command began its work on a reel.' },
  RUN_FINISHED: { level: 'info', type: 'end', meaning: 'A command ended, and its result is there.' },
  RUN_STOPPED: {
    level: 'info',
    type: 'end',
    meaning: 'A person or a signal stopped a command.',
    advice: 'Give the same command again: it goes on with what is missing.',
  },
  E_RUN_FAILED: {
    level: 'error',
    type: 'end',
    meaning: 'A command failed.',
    advice: 'error.message says what to do, and error.type what kind of trouble it was. What is finished is kept.',
  },
  E_TOO_MANY_DAMAGED: {
    level: 'error',
    type: 'info',
    meaning: 'More frames of a reel are damaged than allowed; its command ends with exit code 3.',
    advice: 'Look at the frames of E_FRAME_DAMAGED; read them anew from the scan, or raise --max-isolated.',
  },
  STAGE_FINISHED: { level: 'info', type: 'end', meaning: 'A stage of a run ended.' },
  LICENCE_ACCEPTED: {
    level: 'info',
    type: 'info',
    meaning: 'A person accepted the licence of a network for all runs.',
  },
  REEL_TRACKED: {
    level: 'info',
    type: 'info',
    meaning: 'The shots of a reel are cut, and its faces followed and cast.',
  },
  DEVICE_CHOSEN: {
    level: 'info',
    type: 'info',
    meaning: 'What faces are rendered on was chosen; the reason says why.',
  },
  E_DEVICE_LOST: {
    level: 'warn',
    type: 'info',
    meaning: 'A graphics adapter failed amid a take, which was begun anew.',
    advice: 'Look at the driver’s own log; where it happens again, render with --device cpu, or leave the card out.',
  },
  TAKE_RENDERED: { level: 'info', type: 'end', meaning: 'A take was rendered.' },
  TAKE_COPIED: { level: 'info', type: 'end', meaning: 'A take in which nothing is restored was copied.' },
  TAKE_KEPT: { level: 'info', type: 'info', meaning: 'A take lay finished, from an earlier run.' },
  FACE_REFUSED: {
    level: 'info',
    type: 'info',
    meaning: 'A face was left alone in frames of a take; the reason is its restorer’s.',
    advice: 'The report shows the frames. They may be fine: small, turned or flashed faces are left as they are.',
  },
  E_FRAME_DAMAGED: {
    level: 'warn',
    type: 'info',
    meaning: 'A frame cannot be decoded and is passed through.',
    advice:
      'Read it anew from the scan and restore the reel anew: into another --out, or, after --keep-work, with --redo.',
  },
  E_FRAME_MISSING: {
    level: 'warn',
    type: 'info',
    meaning: 'A folder has no file for a frame; the output lacks it, too.',
    advice: 'Bring the file back and restore the reel anew: into another --out, or, after --keep-work, with --redo.',
  },
  PICTURE_RESTORED: { level: 'info', type: 'end', meaning: 'A picture of a folder was restored by itself (--each).' },
  PICTURE_UNTOUCHED: { level: 'info', type: 'end', meaning: 'A picture has no face to restore and was copied.' },
  E_PICTURE_DAMAGED: {
    level: 'warn',
    type: 'end',
    meaning: 'A picture cannot be read and was copied as it is, or cannot be had at all.',
    advice: 'Bring a whole file, and give the same command again.',
  },
  MASTER_MADE: { level: 'info', type: 'end', meaning: 'A master was encoded, held to the reel, and delivered.' },
  MASTER_KEPT: { level: 'info', type: 'info', meaning: 'A master lay finished, from an earlier run.' },
  E_MASTER_FAILED: {
    level: 'error',
    type: 'end',
    meaning: 'A master could not be made, or is not what it should be; it was not delivered.',
    advice: 'The reason says what to do; the other masters are not touched by it.',
  },
  E_LOG_LOST: {
    level: 'warn',
    type: 'info',
    meaning: 'Lines before this one could not be written to the log.',
    advice: 'Free space on the disk of the log.',
  },
} as const satisfies Record<string, CodeMeaning>;

const FARM_CODES = {
  ORDER_SUBMITTED: { level: 'info', type: 'start', meaning: 'An order was written, and queued where it has a queue.' },
  ORDER_CANCELLED: {
    level: 'info',
    type: 'end',
    meaning: 'A person cancelled an order, or submitted another one of the same output.',
  },
  ORDER_RETRIED: {
    level: 'info',
    type: 'info',
    meaning: 'A person gave the failed steps of an order out again, or submitted it again after its end.',
  },
  REEL_DONE: { level: 'info', type: 'end', meaning: 'All steps of an order are done, and its reel is delivered.' },
  E_REEL_FAILED: {
    level: 'error',
    type: 'end',
    meaning: 'An order ended without its reel.',
    advice: 'See E_STEP_GIVEN_UP of the order; submit it again when the cause is gone.',
  },
  STEP_STARTED: { level: 'info', type: 'start', meaning: 'A slot began a step.' },
  STEP_DONE: { level: 'info', type: 'end', meaning: 'A step is done and its result published.' },
  STEP_ALREADY_DONE: { level: 'info', type: 'end', meaning: 'The result of a step lay there already.' },
  STEP_REDELIVERED: {
    level: 'info',
    type: 'info',
    meaning: 'A step that a worker had begun and not ended was given to another attempt.',
    advice: 'Look for E_SLOT_CRASHED and E_LEASE_LOST of the step where it is frequent.',
  },
  STEP_CANCELLED: { level: 'info', type: 'end', meaning: 'A step was stopped because its order was cancelled.' },
  E_STEP_FAILED: {
    level: 'warn',
    type: 'end',
    meaning: 'An attempt at a step failed; it is tried again.',
    advice: 'error.message says why.',
  },
  E_STEP_GIVEN_UP: {
    level: 'error',
    type: 'end',
    meaning: 'A step failed at its last attempt; a take is passed through untouched.',
    advice: 'The failure is kept beside the output. When its cause is gone, “reelmend retry” does the step again.',
  },
  E_STEP_REFUSED: {
    level: 'warn',
    type: 'end',
    meaning: 'A worker may not do a step: wrong mount, other version, missing network, or no space.',
    advice: 'The reason says what this worker lacks; another worker may do the step.',
  },
  E_LEASE_LOST: {
    level: 'warn',
    type: 'end',
    meaning: 'A worker lost its right to a step; the step was stopped there and publishes nothing.',
    advice: 'Look for a machine that was suspended, overloaded, or cut from the queue.',
  },
  E_SLOT_CRASHED: {
    level: 'warn',
    type: 'info',
    meaning: 'The process of a slot ended unasked; it is started anew.',
    advice: 'Look for memory that ran out, and for the driver’s own log.',
  },
  E_SLOT_HUNG: {
    level: 'warn',
    type: 'info',
    meaning: 'The process of a slot did not answer in time and was ended; it is started anew.',
    advice: 'Look for a share that does not answer, and for the driver’s own log.',
  },
  WORKER_STARTED: { level: 'info', type: 'start', meaning: 'A farm worker takes work from the queue.' },
  WORKER_DRAINING: { level: 'info', type: 'info', meaning: 'A farm worker ends what is begun and takes no more.' },
  WORKER_STOPPED: { level: 'info', type: 'end', meaning: 'A farm worker has ended.' },
  E_QUEUE_LOST: {
    level: 'warn',
    type: 'info',
    meaning: 'The queue does not answer; a worker waits for it.',
    advice: 'Look whether Redis runs and can be reached. Nothing that is finished is lost.',
  },
  QUEUE_BACK: { level: 'info', type: 'info', meaning: 'The queue answers again.' },
  FRAMES_READ_AHEAD: {
    level: 'info',
    type: 'info',
    meaning: 'Frames of a take were read from the fast disk, where they lay before it began.',
  },
  E_READ_AHEAD_OFF: {
    level: 'warn',
    type: 'info',
    meaning: 'A worker no longer reads ahead the frames of an order; its takes are read from the reel.',
    advice: 'error.message says why. Make room on the fast disk, and start the worker anew to read ahead again.',
  },
  HOT_EVICTED: { level: 'info', type: 'info', meaning: 'Files went from the fast disk to make room for others.' },
  E_HOT_DAMAGED: {
    level: 'warn',
    type: 'info',
    meaning: 'A file on the fast disk was not what its hash says, and was fetched anew.',
    advice: 'Check the disk.',
  },
} as const satisfies Record<string, CodeMeaning>;

const BACKUP_CODES = {
  BACKUP_COPIED: {
    level: 'info',
    type: 'end',
    meaning: 'One target has all files of a backup, read back and compared.',
  },
  BACKUP_DONE: { level: 'info', type: 'end', meaning: 'A backup has as many good copies as were asked for.' },
  BACKUP_VERIFIED: {
    level: 'info',
    type: 'end',
    meaning: 'The files of a backup were read back, and are what they were.',
  },
  BACKUP_RESTORED: { level: 'info', type: 'end', meaning: 'Files were brought back from a backup.' },
  E_BACKUP_TARGET: {
    level: 'warn',
    type: 'end',
    meaning: 'One target of a backup failed: it is down, full, or answers other bytes than it was given.',
    advice: 'The reason names the target and the trouble; the same command copies what is missing.',
  },
  E_BACKUP_LEFT_OUT: {
    level: 'error',
    type: 'info',
    meaning: 'A file could not be read, or changed while it was read, and is in no copy.',
    advice: 'The reason names the file and the trouble; back up again when it can be read, and nobody writes to it.',
  },
  E_BACKUP_SHORT: {
    level: 'error',
    type: 'end',
    meaning: 'A backup has fewer good copies than were asked for, or lacks files.',
    advice: 'See E_BACKUP_TARGET; give the same command again when the targets are well.',
  },
  E_BACKUP_DAMAGED: {
    level: 'error',
    type: 'info',
    meaning: 'A file of a backup is gone or not what it was.',
    advice: 'Back up anew to this target while the others are good.',
  },
} as const satisfies Record<string, CodeMeaning>;

/**
 * Every code that is told, with its meaning. Codes are stable: programs search for them. A code begins with `E_` where something went
 * wrong, that is, where its level is not `info`.
 */
export const EVENT_CODES = { ...RUN_CODES, ...FARM_CODES, ...BACKUP_CODES } as const;

export type EventCode = keyof typeof EVENT_CODES;

/** What a code means. */
export function codeMeaning(code: EventCode): CodeMeaning {
  return EVENT_CODES[code];
}
