/** The part of TensorFlow's and TensorBoard's protocol buffers that event files of scalars, text and hyper-parameters need; field numbers are theirs. */
import protobuf from 'protobufjs';

/** tensorflow/core/util/event.proto and core/framework/{summary,tensor,types}.proto; tensorboard/plugins/hparams/{plugin_data,api}.proto; google/protobuf/struct.proto, whose Value is HParamValue here. */
const SOURCE = `
syntax = "proto3";

message Event {
  double wall_time = 1;
  int64 step = 2;
  oneof what {
    string file_version = 3;
    Summary summary = 5;
    SessionLog session_log = 7;
  }
}

message SessionLog {
  enum SessionStatus { STATUS_UNSPECIFIED = 0; START = 1; STOP = 2; CHECKPOINT = 3; }
  SessionStatus status = 1;
}

message Summary {
  message Value {
    string tag = 1;
    oneof value { float simple_value = 2; TensorProto tensor = 8; }
    SummaryMetadata metadata = 9;
  }
  repeated Value value = 1;
}

message SummaryMetadata {
  message PluginData { string plugin_name = 1; bytes content = 2; }
  PluginData plugin_data = 1;
}

message TensorProto {
  enum DataType { DT_INVALID = 0; DT_FLOAT = 1; DT_STRING = 7; }
  DataType dtype = 1;
  TensorShapeProto tensor_shape = 2;
  repeated bytes string_val = 8;
}

message TensorShapeProto {
  message Dim { int64 size = 1; }
  repeated Dim dim = 2;
}

message HParamsPluginData {
  SessionStartInfo session_start_info = 3;
  SessionEndInfo session_end_info = 4;
}

message SessionStartInfo {
  map<string, HParamValue> hparams = 1;
  string group_name = 4;
  double start_time_secs = 5;
}

message SessionEndInfo {
  enum Status { STATUS_UNKNOWN = 0; STATUS_SUCCESS = 1; STATUS_FAILURE = 2; STATUS_RUNNING = 3; }
  Status status = 1;
  double end_time_secs = 2;
}

message HParamValue {
  oneof kind { double number_value = 2; string string_value = 3; bool bool_value = 4; }
}
`;

export const START = 1;
export const DT_FLOAT = 1;
export const DT_STRING = 7;
export const STATUS_SUCCESS = 1;
export const STATUS_FAILURE = 2;

export interface EventSchema {
  encodeEvent(event: object): Uint8Array;
  encodeHParams(data: object): Uint8Array;
}

export function openEventSchema(): EventSchema {
  const { root } = protobuf.parse(SOURCE, { keepCase: true });
  const encoder = (name: string) => {
    const type = root.lookupType(name);
    return (message: object): Uint8Array => type.encode(type.create(message)).finish();
  };
  return { encodeEvent: encoder('Event'), encodeHParams: encoder('HParamsPluginData') };
}
