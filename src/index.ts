/**
 * Reelmend as a library: the same composition that the command line runs.
 *
 * @packageDocumentation
 */

export { type BackupSummary, backUp } from './backup/back-up.ts';
export { BackupError } from './backup/backup-error.ts';
export type {
  BackupRequest,
  CopiesRequest,
  RestoreBackupRequest,
  VerifyBackupRequest,
} from './backup/backup-request.ts';
export { type BackupList, type ListedBackup, listBackups } from './backup/list-backups.ts';
export { type RestoreBackupSummary, restoreBackup } from './backup/restore-backup.ts';
export type { BackedUpTarget } from './backup/supply-target.ts';
export { type VerifiedTarget, type VerifySummary, verifyBackup } from './backup/verify-backup.ts';
export { GpuError } from './compute/gpu/device/gpu-error.ts';
export { OutputError } from './disk/output-error.ts';
export type { FoundFace, FoundShot, FoundShots, MarkerKind, ShotMarker } from './editorial/found-shots.ts';
export { ShotListError } from './editorial/shot-list-error.ts';
export { shotListText } from './editorial/shot-list-formats.ts';
export type { Casting } from './face/cast.ts';
export type { FivePoints, Landmarks } from './face/landmarks.ts';
export type { FaceObservation } from './face/observation.ts';
export type { FaceTrack } from './face/track.ts';
export type { Transfer } from './film/colour.ts';
export type { PatchAlpha } from './film/patch-alpha.ts';
export { formatRational, parseRational, type Rational } from './film/rational.ts';
export { ReelError } from './film/reel-error.ts';
export { StillError } from './film/still-error.ts';
export type { EventCode } from './log/event-codes.ts';
export { type EventLog, openEventLog } from './log/event-log.ts';
export type { EventCounts, EventLabels, RunEvent } from './log/run-event.ts';
export {
  type ManifestKind,
  type ManifestOptions,
  type WrittenManifests,
  writeManifests,
} from './manifest/write-manifests.ts';
export { FfmpegError } from './media/ffmpeg/ffmpeg-error.ts';
export { ContractError } from './model/contract-error.ts';
export { DeviceError } from './model/device-error.ts';
export { type IdentifiedFile, identifyFile } from './model/known/identify-file.ts';
export type { Identity } from './model/known/identify-network.ts';
export { knownNetworks } from './model/known/known-networks.ts';
export { type ModelLibrary, type ModelState, openLibrary } from './model/library.ts';
export { LicenceError } from './model/licence/licence-error.ts';
export type { LicenceUse } from './model/licence/licence-use.ts';
export { ModelError } from './model/model-error.ts';
export { type ImportedFile, type ImportOptions, importModels } from './model/own/import-models.ts';
export { analyseReel } from './pipeline/analyse-reel.ts';
export { readAnalysis, writeAnalysis } from './pipeline/analysis/analysis-file.ts';
export type { ReelAnalysis } from './pipeline/analysis/reel-analysis.ts';
export { type Inspection, inspectReel } from './pipeline/inspect.ts';
export type {
  AskedRange,
  FrameAddress,
  PersonStills,
  PreviewSummary,
  Progress,
  RestoreSummary,
} from './pipeline/job.ts';
export type { DeliveredMaster } from './pipeline/master/make-masters.ts';
export { type MasterSummary, masterReel } from './pipeline/master/master.ts';
export type { MasterRequest } from './pipeline/master/master-request.ts';
export { type PreviewOptions, previewReel } from './pipeline/preview.ts';
export {
  DEFAULTS,
  type InspectRequest,
  type PreviewRequest,
  type RestoreFacesRequest,
  type RestoreRequest,
  type StillsRequest,
} from './pipeline/request/request.ts';
export { restoreReel } from './pipeline/restore.ts';
export type { RunOptions } from './pipeline/run-options.ts';
export { openReel, type ReelFrame, type ReelSource, type ReelSourceRequest } from './pipeline/streams/open-reel.ts';
export { type RestoredTake, type RestoreRun, restoreFaces } from './pipeline/streams/restore-faces.ts';
export { type ReelShot, type TrackFacesRequest, trackFaces } from './pipeline/streams/track-faces.ts';
export { type WrittenReel, writeReel } from './pipeline/streams/write-reel.ts';
export type { DeviceWish } from './render/rendering-device.ts';
export type { PictureRecord } from './report/pictures/picture-record.ts';
export type { PicturesReport } from './report/pictures/pictures-report.ts';
export type { Report } from './report/report.ts';
export type { TracksFile } from './report/tracks-file.ts';
export type { RestorerName } from './restore/restorers.ts';
export { PresetError } from './settings/preset-error.ts';
export { UsageError } from './settings/usage-error.ts';
