import { generateKeyPairSync, sign } from "node:crypto";

export interface TestCertificate {
  /** Both in PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** The host names that it is for. */
  readonly names: readonly string[];
  /** The day after its last; tomorrow unless given. */
  readonly until?: Date;
}

const ecdsaWithSha256 = "06082a8648ce3d040302";
const commonName = "0603550403";
const subjectAltName = "0603551d11";
const day = 86_400_000;

/** A self-signed certificate, X.509 version 3 by RFC 5280, written out byte by byte: Node reads them and makes none. */
export function makeCertificate({
  names,
  until = new Date(Date.now() + day),
}: CertificateOptions): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(fromHex(ecdsaWithSha256));
  const name = sequence(der(0x31, sequence(fromHex(commonName), text(0x0c, names[0] ?? ""))));
  const altNames = sequence(...names.map((one) => text(0x82, one)));
  const body = sequence(
    der(0xa0, fromHex("020102")),
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(time(new Date(until.getTime() - 3 * day)), time(until)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(sequence(fromHex(subjectAltName), der(0x04, altNames)))),
  );
  const signature = der(0x03, Buffer.from([0]), sign("sha256", body, privateKey));
  const lines =
    sequence(body, algorithm, signature)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  };
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const bytes = fromHex(length.toString(16).padStart(length < 256 ? 2 : 4, "0"));
  const head = length < 128 ? [length] : [0x80 + bytes.length, ...bytes];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function text(tag: number, content: string): Buffer {
  return der(tag, Buffer.from(content));
}

/** UTCTime, as in 261122213000Z. */
function time(date: Date): Buffer {
  return text(
    0x17,
    `${date
      .toISOString()
      .replace(/[-:T]|\.\d+/g, "")
      .slice(2)}`,
  );
}

function fromHex(hex: string): Buffer {
  return Buffer.from(hex, "hex");
}
