package dev.ridgeline.workload;

import java.util.List;

/**
 * One layer: its residual blocks.
 *
 * @param blocks in order; at least one
 * @param parallel whether all of them read the layer's input, so that their outputs are added up in
 *     one go (GPT-J; PaLM, arXiv 2204.02311, section 2), and not each the sum of those before
 */
public record Layer(List<Block> blocks, boolean parallel) {

  public Layer {
    blocks = List.copyOf(blocks);
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException("a layer needs at least one block");
    }
  }

  /** A layer whose blocks run one after the other. */
  public Layer(List<Block> blocks) {
    this(blocks, false);
  }

  /** The same layer with its blocks exchanged for others. */
  public Layer withBlocks(List<Block> newBlocks) {
    return new Layer(newBlocks, parallel);
  }

  /** Parameters of the layer. */
  public long parameters() {
    return blocks.stream().mapToLong(Block::parameters).sum();
  }

  /** Parameters that one token visits. */
  public long activeParameters() {
    return blocks.stream().mapToLong(Block::activeParameters).sum();
  }
}
