import SvgIcon, { SvgIconProps } from '@mui/material/SvgIcon';

const drawing = (path: string) =>
  function Drawing(props: SvgIconProps) {
    return (
      <SvgIcon fontSize="inherit" {...props}>
        <path
          d={path}
          fill="none"
          stroke="currentColor"
          strokeWidth={2}
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </SvgIcon>
    );
  };

const shape = (path: string) =>
  function Shape(props: SvgIconProps) {
    return (
      <SvgIcon fontSize="inherit" {...props}>
        <path d={path} />
      </SvgIcon>
    );
  };

/** Tick in a disc. */
export const PassedIcon = shape(
  'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.8 14.6L5.8 12.2l1.5-1.5 2.9 2.9 6.5-6.5 1.5 1.5z',
);

/** Cross in a disc. */
export const FailedIcon = shape(
  'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm4.6 13.2-1.4 1.4L12 13.4l-3.2 3.2-1.4-1.4L10.6 12 7.4 8.8l1.4-1.4L12 10.6l3.2-3.2 1.4 1.4L13.4 12z',
);

/** Triangle. */
export const WarnedIcon = shape(
  'M12 2.5 1 21.5h22zm-1 7.5h2v5.2h-2zm0 7h2v2h-2z',
);

/** Octagon with a bolt: technical trouble, never like failed. */
export const ErrorIcon = shape(
  'M8.2 2h7.6L22 8.2v7.6L15.8 22H8.2L2 15.8V8.2zM13.5 5 7 13h4l-1 6 7-9h-4.3z',
);

/** Paused. */
export const PausedIcon = shape(
  'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM8.5 7.5h2.5v9H8.5zm4.5 0h2.5v9H13z',
);

/** Broken ring. */
export const NoEvidenceIcon = drawing(
  'M5.6 5.6a9 9 0 0 1 3-2M15.4 3.6a9 9 0 0 1 3 2M20.5 9a9 9 0 0 1 0 6M18.4 18.4a9 9 0 0 1-3 2M8.6 20.4a9 9 0 0 1-3-2M3.5 15a9 9 0 0 1 0-6M9.5 9.5a2.6 2.6 0 1 1 3.6 2.6c-.8.4-1.1.9-1.1 1.7M12 16.8v.2',
);

/** Struck shield. */
export const WaivedIcon = drawing(
  'M12 3 20 6v6c0 5-3.5 7.5-8 9-4.5-1.5-8-4-8-9V6zM4 20 20 4',
);

/** Open ring. */
export const RunningIcon = drawing('M12 3a9 9 0 1 1-9 9M12 7.5V12l3 2.5');

/** Clock. */
export const WaitingIcon = drawing(
  'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2',
);

/** Latency. */
export const LatencyIcon = drawing(
  'M12 6a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 10v4M9.5 2h5M19 5l1.5 1.5',
);

/** Wave in a ring: too few or inconclusive. */
export const InconclusiveIcon = drawing(
  'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM7 12.5c2-3 3.5-1.8 5-.5s3 2.5 5-.5',
);

/** Arrow back. */
export const RollbackIcon = drawing('M8 5 3 10l5 5M3 10h11a6 6 0 0 1 0 12h-3');

/** Stopped. */
export const StoppedIcon = drawing(
  'M8.2 2.5h7.6l5.7 5.7v7.6l-5.7 5.7H8.2l-5.7-5.7V8.2zM9 9h6v6H9z',
);

/** Model. */
export const ModelIcon = drawing(
  'M12 2.5 20.5 7.2v9.6L12 21.5 3.5 16.8V7.2zM3.5 7.2 12 12l8.5-4.8M12 12v9.5',
);

/** Approval. */
export const ApprovalIcon = drawing(
  'M9 4H5v17h14V4h-4M9 2.5h6v4H9zM8.5 14l2.5 2.5 4.5-5',
);

/** Metrics. */
export const MetricsIcon = drawing(
  'M4 20V10M10 20V4M16 20v-7M22 20H2M20.5 20V8',
);

/** Policy: a written sheet. */
export const PolicyIcon = drawing(
  'M6 3h12v18H6zM9 7.5h6M9 11h6M9.2 15.5l1.8 1.8 3.6-3.6',
);

/** Registry: stacked drums. */
export const RegistryIcon = drawing(
  'M12 3c4.4 0 8 1.3 8 3s-3.6 3-8 3-8-1.3-8-3 3.6-3 8-3zM4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3',
);

/** Stale. */
export const StaleIcon = drawing(
  'M13 3H6v18h12v-9M18 2.5V8M18 10.5v.3M9 13h6M9 17h4',
);

/** Good to know. */
export const InfoIcon = drawing(
  'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 11v5.5M12 7.4v.4',
);

/** Lock. */
export const LockIcon = drawing(
  'M6 10.5h12V21H6zM8.5 10.5V7a3.5 3.5 0 0 1 7 0v3.5',
);

/** External. */
export const ExternalIcon = drawing('M14 4h6v6M20 4l-9 9M18 14v6H4V6h6');

/** Right. */
export const RightIcon = drawing('M5 12h14M13 6l6 6-6 6');

/** Download. */
export const DownloadIcon = drawing('M12 3v12M7 10.5l5 5 5-5M4 20.5h16');

/** Create. */
export const CreateIcon = shape(
  'M13 7h-2v4H7v2h4v4h2v-4h4v-2h-4zm-1-5a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 18a8 8 0 1 1 0-16 8 8 0 0 1 0 16z',
);

/** Refresh. */
export const RefreshIcon = drawing(
  'M20 5v5h-5M4 19v-5h5M5.5 9A7.5 7.5 0 0 1 19.5 10M18.5 15A7.5 7.5 0 0 1 4.5 14',
);

/** Filters. */
export const FiltersIcon = drawing(
  'M4 7h9M19 7h1M4 17h1M11 17h9M16 4v6M8 14v6',
);

/** Search. */
export const SearchIcon = shape(
  'M15.5 14h-.79l-.28-.27A6.47 6.47 0 0 0 16 9.5 6.5 6.5 0 1 0 9.5 16c1.61 0 3.09-.59 4.23-1.57l.27.28v.79l5 4.99L20.49 19zm-6 0a4.5 4.5 0 1 1 0-9 4.5 4.5 0 0 1 0 9z',
);

/** Star. */
export const StarIcon = drawing(
  'M12 3.5l2.6 5.7 6.2.7-4.6 4.2 1.2 6.1L12 17.1l-5.4 3.1 1.2-6.1L3.2 9.9l6.2-.7z',
);

/** Close. */
export const CloseIcon = drawing('M5 5l14 14M19 5L5 19');

/** Two steps on. */
export const SkipIcon = drawing('M5 5l8 7-8 7zM19 5v14');

/** Pause. */
export const PauseIcon = drawing('M8 5v14M16 5v14');
