/**
 * The mark alone, or with the name beside it. It takes the colour of the text around it, so that it reads in light and
 * dark; the hull's wake is drawn lighter.
 */
export function SlipwayLogo(props: { height: number; markOnly?: boolean }) {
  const { height, markOnly } = props;
  const width = (height * (markOnly ? 32 : 148)) / 32;
  return (
    <svg
      role="img"
      aria-label="Slipway"
      width={width}
      height={height}
      viewBox={markOnly ? '0 0 32 32' : '0 0 148 32'}
      fill="none"
    >
      <path
        d="M3 25.5 29 18"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeLinecap="round"
        opacity="0.55"
      />
      <path
        d="M5.2 13.4 16.8 10l.9-5.2 3.6 4 5.9-1.7c-.3 4.7-3.3 8.3-7.6 9.6l-7.2 2.1c-3.2.9-6.2-1.5-7.2-5.4Z"
        fill="currentColor"
      />
      {!markOnly && (
        <text
          x="40"
          y="24"
          fill="currentColor"
          fontFamily="Helvetica Neue, Helvetica, Roboto, Arial, sans-serif"
          fontSize="23"
          fontWeight="700"
          letterSpacing="-0.3"
        >
          Slipway
        </text>
      )}
    </svg>
  );
}
