import { Digest, PersonName, Time } from '../../components';

const NAMED =
  /((?:user|group|resource):[^:/\s]+\/[^:/\s,]+|\d{4}-\d\d-\d\dT[\d:.]+Z|sha256:[0-9a-f]{64})/;

/** A fact in words; whom it names by their names, moments and digests as people read them. */
export function FactWords(props: { text: string }) {
  return (
    <>
      {props.text.split(NAMED).map((part, i) => {
        if (i % 2 === 0) {
          return part;
        }
        if (part.startsWith('sha256:')) {
          return <Digest key={i} value={part} noCopy />;
        }
        return /^\d/.test(part) ? (
          <Time key={i} at={part} as="datetime" />
        ) : (
          <PersonName key={i} principal={part} />
        );
      })}
    </>
  );
}
