internal import CLMDB
internal import Crypto
