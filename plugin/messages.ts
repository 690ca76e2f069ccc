/** Between the messages of Pulumi's protocol and plain values. */
import { Metadata, status } from "@grpc/grpc-js";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { CheckFailure } from "../provider/resource/check";
import { messageOf } from "../provider/resource/errors";
import type { Unmarked } from "../provider/values/secrets";
import { unmarkSecrets } from "../provider/values/secrets";

/** The properties of a message, in plain, and where its secrets are. */
export function fromStruct(struct: Struct | undefined): Unmarked {
  return unmarkSecrets(struct?.toJavaScript() ?? {});
}

/** Properties with marks on their secrets, as a message carries them. */
export function toStruct(properties: object): Struct {
  return Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
}

export function checkResponse(
  inputs: object,
  failures: readonly CheckFailure[],
): provider.CheckResponse {
  const response = new provider.CheckResponse();
  response.setInputs(toStruct(inputs));
  response.setFailuresList(failures.map(checkFailure));
  return response;
}

export function checkFailure({ property, reason }: CheckFailure): provider.CheckFailure {
  const failure = new provider.CheckFailure();
  failure.setProperty(property);
  failure.setReason(reason);
  return failure;
}

interface Kept {
  readonly id: string;
  readonly properties: object;
  readonly cause: unknown;
}

/** What the engine is to keep of an object that exists although its operation failed. */
export class PartialFailure extends Error {
  readonly id: string;
  readonly properties: object;

  constructor(message: string, { id, properties, cause }: Kept) {
    super(message, { cause });
    this.id = id;
    this.properties = properties;
  }
}

/** An error as gRPC carries it. */
export interface ServiceFailure {
  readonly code: status;
  readonly details: string;
  readonly metadata?: Metadata;
}

export function serviceFailure(error: unknown): ServiceFailure {
  const failure = { code: status.UNKNOWN, details: messageOf(error) };
  return error instanceof PartialFailure
    ? { ...failure, metadata: partialFailureDetails(error) }
    : failure;
}

function partialFailureDetails({ id, properties, message }: PartialFailure): Metadata {
  const detail = new provider.ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(toStruct(properties));
  detail.setReasonsList([message]);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const response = new Status();
  response.setCode(status.UNKNOWN);
  response.setMessage(message);
  response.addDetails(packed);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(response.serializeBinary()));
  return metadata;
}
