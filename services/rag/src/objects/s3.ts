import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { errors } from "@leadmetrics/kit";
import { checkKey, type ObjectStore } from "./port.ts";

export interface S3Options {
  readonly bucket: string;
  readonly region: string;
  /** For stores other than AWS; undefined for AWS itself. */
  readonly endpoint?: string;
  /** Undefined takes the machine's own role. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Any store that speaks S3. */
export function s3Objects(options: S3Options): ObjectStore {
  const { bucket, region, endpoint, credentials } = options;
  const client = new S3Client({
    region,
    endpoint,
    credentials,
    // Virtual-hosted names need DNS that stores of one's own seldom have.
    forcePathStyle: endpoint !== undefined,
    // Stores other than AWS don't know the newer checksum headers.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    maxAttempts: 4,
  });
  const unreachable = (error: unknown): never => {
    throw errors.unavailable("The file store could not be reached. Try again in a moment.", error);
  };
  return {
    name: `S3 bucket ${bucket}${endpoint ? ` at ${endpoint}` : ""}`,
    async put(key, bytes, mediaType) {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: checkKey(key),
        Body: bytes,
        ContentType: mediaType,
        // Never shown in a browser as what it claims to be.
        ContentDisposition: "attachment",
      });
      await client.send(command).catch(unreachable);
    },
    async get(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: checkKey(key) }));
        return await Body?.transformToByteArray();
      } catch (error) {
        return error instanceof NoSuchKey ? undefined : unreachable(error);
      }
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: checkKey(key) })).catch(unreachable);
    },
    async list(folder, after, limit) {
      const { Contents = [] } = await client
        .send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: `${checkKey(folder)}/`,
            StartAfter: after || undefined,
            MaxKeys: limit,
          }),
        )
        .catch(unreachable);
      return Contents.flatMap(({ Key }) => Key ?? []);
    },
  };
}
