package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.request.RequestTable;

/** Attention ranks that decode what others have prefilled: a cache goes to one of them. */
final class ReceivingLockstepScheduler extends LockstepScheduler implements ReceivingScheduler {
  private final ReceivingScheduler[] ranks;

  ReceivingLockstepScheduler(RequestTable table, ReceivingScheduler[] ranks) {
    super(table, ranks);
    this.ranks = ranks;
  }

  /** The rank with the fewest tokens takes it, or if that cannot, the first that can. */
  @Override
  public boolean reserve(int slot) {
    int fewest = fewestTokens();
    if (reserve(slot, fewest)) {
      return true;
    }
    for (int rank = 0; rank < ranks.length; rank++) {
      if (rank != fewest && reserve(slot, rank)) {
        return true;
      }
    }
    return false;
  }

  private boolean reserve(int slot, int rank) {
    if (!ranks[rank].reserve(slot)) {
      return false;
    }
    assign(slot, rank);
    return true;
  }

  @Override
  public void resume(int slot) {
    ranks[rankOf(slot)].resume(slot);
  }
}
