package dev.ridgeline.estimate;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who holds a device's memory, on the fullest pipeline stage. Bytes for one device.
 *
 * @param weightsBytes resident weights in main memory
 * @param kvBytes cache and recurrent states of the requests in flight, at their full length
 * @param activationBytes live activations at the widest point of a step
 * @param communicationBytes buffers of collectives
 * @param reservedBytes what the engine leaves free or claims for itself
 * @param capacityBytes main memory
 * @param streamingBytes buffers in main memory for what is streamed in
 * @param otherTiers what lies elsewhere: on other tiers of the chip, with the host, on drives
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
    double streamingBytes,
    List<TierUse> otherTiers,
    double kvBytesPerToken,
    long kvCapacityTokens,
    long kvCapacityBlocks,
    long largestBatch) {

  /**
   * A memory beside main memory.
   *
   * @param name of the memory
   * @param weightsBytes weights in it
   * @param kvBytes cache and states in it
   * @param streamingBytes buffers in it for what is streamed in
   * @param capacityBytes what it holds: the device's part, where devices share it
   */
  public record TierUse(
      String name,
      double weightsBytes,
      double kvBytes,
      double streamingBytes,
      double capacityBytes) {

    /** Everything in it. */
    public double totalBytes() {
      return weightsBytes + kvBytes + streamingBytes;
    }

    double shortfallBytes() {
      return Math.max(0, totalBytes() - capacityBytes);
    }
  }

  public MemoryLedger {
    otherTiers = List.copyOf(otherTiers);
  }

  /** Everything claimed. */
  public double totalBytes() {
    return weightsBytes
        + kvBytes
        + activationBytes
        + communicationBytes
        + reservedBytes
        + streamingBytes;
  }

  /** Whether all claims fit. */
  public boolean fits() {
    return shortfallBytes() == 0;
  }

  /** Bytes missing in the scarcer tier of one device, 0 where everything fits. */
  public double shortfallBytes() {
    double other = fullestOther().map(TierUse::shortfallBytes).orElse(0.0);
    return Math.max(other, Math.max(0, totalBytes() - capacityBytes));
  }

  /** The memory beside main memory that lacks most, if any lacks. */
  public Optional<TierUse> fullestOther() {
    return otherTiers.stream()
        .filter(tier -> tier.shortfallBytes() > 0)
        .max(Comparator.comparingDouble(TierUse::shortfallBytes));
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
        streamingBytes,
        otherTiers,
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
        streamingBytes,
        otherTiers,
        kvBytesPerToken,
        tokens,
        blocks,
        requests);
  }
}
