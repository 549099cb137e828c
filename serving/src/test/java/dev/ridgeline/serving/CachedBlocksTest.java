package dev.ridgeline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.serving.memory.CachedBlocks;
import dev.ridgeline.serving.request.PromptContent;
import dev.ridgeline.serving.request.RequestTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The block pool against a plain one made of lists and maps. */
class CachedBlocksTest {
  private static final int CAPACITY = 40;
  private static final int TOKENS = 4;

  /** What a block holds: the ids of all blocks of its prefix, or nothing known. */
  private static final class Plain {
    final List<Integer> free = new ArrayList<>();
    final Map<Integer, List<Long>> known = new LinkedHashMap<>();
    final int[] references = new int[CAPACITY];
    final Map<Integer, List<Integer>> held = new LinkedHashMap<>();

    Plain() {
      for (int block = 0; block < CAPACITY; block++) {
        free.add(block);
      }
    }

    List<Integer> find(List<Long> prompt, int most) {
      List<Integer> found = new ArrayList<>();
      for (int length = 1; length <= most; length++) {
        List<Long> prefix = prompt.subList(0, length);
        var hit =
            known.entrySet().stream().filter(entry -> entry.getValue().equals(prefix)).findFirst();
        if (hit.isEmpty()) {
          break;
        }
        found.add(hit.get().getKey());
      }
      return found;
    }

    void admit(int slot, List<Integer> hits, int fresh) {
      List<Integer> blocks = new ArrayList<>(hits);
      for (int hit : hits) {
        if (references[hit]++ == 0) {
          free.remove((Integer) hit);
        }
      }
      for (int index = 0; index < fresh; index++) {
        int block = free.removeFirst();
        known.remove(block);
        references[block] = 1;
        blocks.add(block);
      }
      held.put(slot, blocks);
    }

    void release(int slot) {
      for (int block : held.remove(slot).reversed()) {
        if (--references[block] == 0) {
          free.add(block);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void findsAndEvictsWhatAPlainPoolDoes(long seed) {
    RandomGenerator random = new RandomStreams(seed).stream("blocks");
    RequestTable table = new RequestTable();
    CachedBlocks pool = new CachedBlocks(table, CAPACITY, TOKENS);
    Plain plain = new Plain();
    List<Integer> live = new ArrayList<>();
    int totalHits = 0;
    for (int round = 0; round < 3000; round++) {
      if (!live.isEmpty() && random.nextInt(3) == 0) {
        int slot = live.remove(random.nextInt(live.size()));
        pool.release(slot);
        plain.release(slot);
        table.remove(slot);
      } else {
        int blocks = 1 + random.nextInt(8);
        long[] ids = new long[blocks];
        for (int index = 0; index < blocks; index++) {
          ids[index] = random.nextInt(3);
        }
        int slot = table.add(round, 0, blocks * TOKENS, 5);
        table.content[slot] = new PromptContent(ids, TOKENS);
        List<Long> prompt = new ArrayList<>();
        for (long id : ids) {
          prompt.add(id);
        }
        List<Integer> expected = plain.find(prompt, blocks - 1);
        int hits = pool.findPrefix(slot, blocks * TOKENS - 1L);
        assertThat(hits).as("hits in round %d", round).isEqualTo(expected.size());
        long free = expected.stream().filter(block -> plain.references[block] == 0).count();
        assertThat(pool.freeHits()).isEqualTo((int) free);
        if (blocks - hits + free > pool.free()) {
          table.remove(slot);
          continue;
        }
        totalHits += hits;
        pool.takePrefix(slot);
        pool.take(slot, blocks - hits);
        pool.publish(slot, blocks * TOKENS);
        plain.admit(slot, expected, blocks - hits);
        for (int length = hits + 1; length <= blocks; length++) {
          plain.known.put(plain.held.get(slot).get(length - 1), prompt.subList(0, length));
        }
        live.add(slot);
      }
      assertThat(pool.free()).isEqualTo(plain.free.size());
    }
    assertThat(totalHits).as("the test can tell").isGreaterThan(1000);
  }
}
