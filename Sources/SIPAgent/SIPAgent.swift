internal import Crypto
internal import NIOPosix
