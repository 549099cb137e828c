package dev.ridgeline.serving;

/** A request on its way from a prefill to a decode instance. */
final class Journey {
  /** Its place in the tables of the prefilling and of all requests. */
  final int prefillSlot;

  final int slot;
  final int prefill;

  /** Where it will decode; -1 while nobody has chosen. */
  int decode = -1;

  boolean reserved;
  boolean prompted;
  long promptedNanos;

  /** When both blocks and prompt were there. */
  long readyNanos;

  /** Bytes that are in a flow, or were. */
  double sentBytes;

  int flows;

  /** Of the chunk in flight: bytes, first and last layer; 0 bytes without one. */
  double pieceBytes;

  long firstLayerNanos;
  long pieceEndNanos;
  double pieceSeconds;

  /** The flow of that chunk; -1 while it has none. */
  int pieceFlow = -1;

  Journey(int prefillSlot, int slot, int prefill) {
    this.prefillSlot = prefillSlot;
    this.slot = slot;
    this.prefill = prefill;
  }
}
