"""The existing client's ways, with stubs that Google's own generator made from the .proto file.

Opens ChatStream first, then logs in on the same channel, sends no token, and prints one JSON object a line: what it
was told, and every message of its stream. What it is to do comes on its standard input, one JSON object a line.
"""

import json
import sys
import threading

import grpc

sys.path.insert(0, sys.argv[1])
import chat_pb2  # noqa: E402
import chat_pb2_grpc  # noqa: E402

printing = threading.Lock()


def tell(**what):
    with printing:
        print(json.dumps(what), flush=True)


def listen(stream):
    try:
        for message in stream:
            tell(stream={"from": message.fromUsername, "to": message.toUsername, "message": message.message,
                         "seq": message.seq, "log": message.log})
    except grpc.RpcError as error:
        tell(ended=error.code().name, details=error.details())


channel = grpc.insecure_channel(sys.argv[2])
stub = chat_pb2_grpc.ChatServiceStub(channel)
stream = stub.ChatStream(chat_pb2.Empty())
# Whoever types a name takes longer than the stream takes to open.
stream.initial_metadata()
threading.Thread(target=listen, args=(stream,), daemon=True).start()

for line in sys.stdin:
    order = json.loads(line)
    name, request = order["call"], order["request"]
    kind = {"SendMessage": "Message", "ListAccounts": "ListAccountQuery", "CreateAccount": "Account",
            "LoginAccount": "Account"}.get(name, "User")
    answer = getattr(stub, name)(getattr(chat_pb2, kind)(**request))
    if name == "ListAccounts":
        tell(answer=[[account.username, account.password] for account in answer])
    else:
        tell(answer={"success": answer.success, "message": answer.message})
channel.close()
