import { type ServerDuplexStream, type ServiceDefinition, status } from '@grpc/grpc-js';

import {
  type ServerReflectionRequest as Request,
  type ServerReflectionResponse as Response,
  ServerReflectionService,
} from '../../generated/proto/grpc/reflection/v1/reflection.ts';
import { ServerReflectionService as AlphaService } from '../../generated/proto/grpc/reflection/v1alpha/reflection.ts';
import type { AdmitCall } from './admit.ts';
import { admittedStore } from './admitted-store.ts';
import { type Descriptors, readDescriptors } from './descriptors.ts';
import type { Extra } from './extra.ts';
import { toStatus } from './status.ts';
import type { StoreFor } from './store-for.ts';

/**
 * The reflection service of all gRPC servers, in its two versions, which differ in the name only; for those who get to
 * see a store.
 */
export function createReflection(storeFor: StoreFor, admit: AdmitCall): readonly Extra[] {
  const descriptors = readDescriptors();
  return [ServerReflectionService, AlphaService].map((service) =>
    createService(service, descriptors, (stream) => enter(storeFor, admit, stream)),
  );
}

type Stream = ServerDuplexStream<Request, Response>;

/** Resolves where they get to see a store. A stream costs as much as a call, and is worked on only until then. */
async function enter(storeFor: StoreFor, admit: AdmitCall, stream: Stream): Promise<void> {
  const admission = admit({ rpc: RPC, peer: stream.getPeer(), bytes: 0 });
  try {
    await admittedStore(storeFor, RPC, stream, admission);
  } finally {
    admission.end(0);
  }
}

const RPC = 'ServerReflectionInfo';

function createService(
  service: ServiceDefinition,
  descriptors: Descriptors,
  mayEnter: (stream: Stream) => Promise<void>,
): Extra {
  const streams = new Set<Stream>();
  return {
    service,
    implementation: {
      serverReflectionInfo(stream: Stream) {
        streams.add(stream);
        stream.once('cancelled', () => streams.delete(stream));
        const serve = () => {
          stream.on('data', (request: Request) => {
            stream.write({ validHost: request.host, originalRequest: request, ...reflect(descriptors, request) });
          });
          stream.on('end', () => {
            streams.delete(stream);
            stream.end();
          });
        };
        // Nothing is read from the stream before there is somebody who listens.
        mayEnter(stream).then(serve, (error) => {
          streams.delete(stream);
          stream.emit('error', toStatus(error));
        });
      },
    },
    end() {
      for (const stream of streams) stream.end();
      streams.clear();
    },
  };
}

function reflect(descriptors: Descriptors, request: Request): Partial<Response> {
  const { fileByFilename, fileContainingSymbol, fileContainingExtension: extension } = request;
  if (fileByFilename !== undefined) return toFiles(descriptors.byFile(fileByFilename), 'file');
  if (fileContainingSymbol !== undefined) return toFiles(descriptors.bySymbol(fileContainingSymbol), 'symbol');
  if (extension) {
    const { containingType = '', extensionNumber = 0 } = extension;
    return toFiles(descriptors.byExtension(containingType, extensionNumber), 'extension');
  }
  if (request.allExtensionNumbersOfType !== undefined) return toNumbers(descriptors, request.allExtensionNumbersOfType);
  if (request.listServices !== undefined) {
    return { listServicesResponse: { service: descriptors.services.map((name) => ({ name })) } };
  }
  return toError(status.UNIMPLEMENTED, 'This server does not know that question.');
}

function toFiles(files: readonly Buffer[] | undefined, what: string): Partial<Response> {
  if (!files) return toError(status.NOT_FOUND, `There is no such ${what}.`);
  return { fileDescriptorResponse: { fileDescriptorProto: [...files] } };
}

function toNumbers(descriptors: Descriptors, type: string): Partial<Response> {
  if (!descriptors.bySymbol(type)) return toError(status.NOT_FOUND, 'There is no such type.');
  return {
    allExtensionNumbersResponse: { baseTypeName: type, extensionNumber: [...descriptors.extensionsOf(type)] },
  };
}

function toError(errorCode: number, errorMessage: string): Partial<Response> {
  return { errorResponse: { errorCode, errorMessage } };
}
