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
import org.junit.jupiter.params.provider.CsvSource;

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

    /** Contents on the host, longest unused first. */
    final List<List<Long>> host = new ArrayList<>();

    final int hostBlocks;
    int moved;

    Plain(int hostBlocks) {
      this.hostBlocks = hostBlocks;
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
        if (hit.isPresent()) {
          found.add(hit.get().getKey());
        } else if (host.contains(prefix)) {
          found.add(-1);
        } else {
          break;
        }
      }
      return found;
    }

    void admit(int slot, List<Long> prompt, List<Integer> hits, int fresh) {
      List<Integer> blocks = new ArrayList<>(hits);
      for (int hit : hits) {
        if (hit >= 0 && references[hit]++ == 0) {
          free.remove((Integer) hit);
        }
      }
      for (int index = 0; index < hits.size(); index++) {
        if (hits.get(index) < 0) {
          List<Long> content = prompt.subList(0, index + 1);
          keep(content);
          int block = takeFree();
          known.put(block, content);
          blocks.set(index, block);
          moved++;
        }
      }
      for (int index = 0; index < fresh; index++) {
        blocks.add(takeFree());
      }
      held.put(slot, blocks);
    }

    int takeFree() {
      int block = free.removeFirst();
      List<Long> content = known.remove(block);
      if (content != null && hostBlocks > 0) {
        keep(content);
      }
      references[block] = 1;
      return block;
    }

    void keep(List<Long> content) {
      if (!host.remove(content) && host.size() == hostBlocks) {
        host.removeFirst();
      }
      host.add(content);
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
  @CsvSource({"1, 0", "2, 0", "3, 0", "4, 7", "5, 7", "6, 60", "7, 60", "8, 1000"})
  void findsAndEvictsWhatAPlainPoolDoes(long seed, int hostBlocks) {
    RandomGenerator random = new RandomStreams(seed).stream("blocks");
    RequestTable table = new RequestTable();
    CachedBlocks pool = new CachedBlocks(table, CAPACITY, TOKENS, hostBlocks);
    Plain plain = new Plain(hostBlocks);
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
        long free =
            expected.stream().filter(block -> block < 0 || plain.references[block] == 0).count();
        assertThat(pool.freeHits()).isEqualTo((int) free);
        if (blocks - hits + free > pool.free()) {
          table.remove(slot);
          continue;
        }
        totalHits += hits;
        pool.takePrefix(slot);
        pool.take(slot, blocks - hits);
        pool.publish(slot, blocks * TOKENS);
        plain.admit(slot, prompt, expected, blocks - hits);
        for (int length = hits + 1; length <= blocks; length++) {
          plain.known.put(plain.held.get(slot).get(length - 1), prompt.subList(0, length));
        }
        live.add(slot);
      }
      assertThat(pool.free()).isEqualTo(plain.free.size());
      assertThat(pool.onHost()).isEqualTo(plain.host.size()).isLessThanOrEqualTo(hostBlocks);
    }
    assertThat(pool.takeMoved()).isEqualTo(plain.moved);
    assertThat(pool.takeMoved()).as("told once").isZero();
    assertThat(plain.moved > 0).isEqualTo(hostBlocks > 0);
    assertThat(totalHits).as("the test can tell").isGreaterThan(1000);
  }
}
