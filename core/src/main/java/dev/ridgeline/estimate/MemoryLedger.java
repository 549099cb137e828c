package dev.ridgeline.estimate;

/**
 * Who holds a device's memory, on the fullest pipeline stage. Bytes for one device.
 *
 * @param weightsBytes resident weights in main memory
 * @param kvBytes cache and recurrent states of the requests in flight, at their full length
 * @param activationBytes live activations at the widest point of a step
 * @param communicationBytes buffers of collectives
 * @param reservedBytes what the engine leaves free or claims for itself
 * @param capacityBytes main memory
 * @param otherTierBytes weights or cache placed on another tier, the fuller where there are two
 * @param otherTierCapacityBytes what that tier holds; 0 where all is in main memory
 * @param kvBytesPerToken cache of a token: the slope where all layers keep everything, else the
 *     mean over a request of this traffic
 * @param kvCapacityTokens tokens the cache can hold beside the rest
 * @param kvCapacityBlocks the same in the engine's blocks
 * @param largestBatch most requests in flight that fit on the whole deployment
 */
public record MemoryLedger(
    double weightsBytes,
    double kvBytes,
    double activationBytes,
    double communicationBytes,
    double reservedBytes,
    double capacityBytes,
    double otherTierBytes,
    double otherTierCapacityBytes,
    double kvBytesPerToken,
    long kvCapacityTokens,
    long kvCapacityBlocks,
    long largestBatch) {

  /** Everything claimed. */
  public double totalBytes() {
    return weightsBytes + kvBytes + activationBytes + communicationBytes + reservedBytes;
  }

  /** Whether all claims fit. */
  public boolean fits() {
    return shortfallBytes() == 0;
  }

  /** Bytes missing in the scarcer tier of one device, 0 where everything fits. */
  public double shortfallBytes() {
    return Math.max(
        0, Math.max(totalBytes() - capacityBytes, otherTierBytes - otherTierCapacityBytes));
  }

  /** The ledger with a drafter's weights and cache beside the model's own on every device. */
  MemoryLedger beside(MemoryLedger drafter, double drafterWeightsBytes, long requests) {
    double perToken = kvBytesPerToken + drafter.kvBytesPerToken;
    double room = Math.max(0, kvCapacityTokens * kvBytesPerToken - drafterWeightsBytes);
    long blockTokens = kvCapacityBlocks == 0 ? 1 : kvCapacityTokens / kvCapacityBlocks;
    long blocks = perToken > 0 ? (long) Math.floor(room / perToken / blockTokens) : 0;
    return new MemoryLedger(
        weightsBytes + drafterWeightsBytes,
        kvBytes + drafter.kvBytes,
        activationBytes,
        communicationBytes,
        reservedBytes,
        capacityBytes,
        otherTierBytes,
        otherTierCapacityBytes,
        perToken,
        blocks * blockTokens,
        blocks,
        requests);
  }

  /** The ledger with the room for cache of another stage. */
  MemoryLedger withRoom(MemoryLedger other) {
    return with(weightsBytes, other.kvCapacityTokens, other.kvCapacityBlocks, largestBatch);
  }

  MemoryLedger withLargestBatch(long requests) {
    return with(weightsBytes, kvCapacityTokens, kvCapacityBlocks, requests);
  }

  private MemoryLedger with(double weights, long tokens, long blocks, long requests) {
    return new MemoryLedger(
        weights,
        kvBytes,
        activationBytes,
        communicationBytes,
        reservedBytes,
        capacityBytes,
        otherTierBytes,
        otherTierCapacityBytes,
        kvBytesPerToken,
        tokens,
        blocks,
        requests);
  }
}
