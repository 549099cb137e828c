package dev.ridgeline.serving.schedule;

/** A policy whose requests may have had their prompts computed elsewhere. */
public interface ReceivingScheduler extends Scheduler {
  /**
   * Takes blocks for a request whose prompt is computed elsewhere, if it may enter now. Asked
   * between batches only. Until {@link #resume} the request is in no queue and in no batch.
   *
   * @return false, and nothing taken, if it may not
   */
  boolean reserve(int slot);

  /** The cache of a request with {@linkplain #reserve reserved} blocks is here: it decodes. */
  void resume(int slot);
}
