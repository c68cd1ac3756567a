//! The bytes of a source: as they are, or unpacked where it is a gzip or zstd file.

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use std::io::{self, BufRead, BufReader, Read};

/// Bytes to read.
pub(crate) type Bytes = Box<dyn Read + Send>;

/// How a gzip file starts (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// How a zstd frame starts (RFC 8878).
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Bytes that are read at a time.
const BUFFER: usize = 256 * 1024;

/// The bytes behind a reader, unpacked if they are packed.
///
/// # Errors
/// What the reader says of its first bytes.
pub(crate) fn of(reader: Bytes) -> io::Result<Bytes> {
    let mut reader = BufReader::with_capacity(BUFFER, reader);
    let head = reader.fill_buf()?;
    match () {
        () if head.starts_with(&GZIP) => Ok(Box::new(MultiGzDecoder::new(reader))),
        () if head.starts_with(&ZSTD) => Ok(Box::new(Frames { reader: Some(reader), frame: None })),
        () => Ok(Box::new(reader)),
    }
}

/// The name of what is packed: `access.log` of `access.log.gz`.
pub(crate) fn inner_name(name: &str) -> &str {
    [".gz", ".zst", ".zstd"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

type Frame<R> = StreamingDecoder<BufReader<R>, ruzstd::decoding::FrameDecoder>;

/// The frames of a zstd file, one after the other.
struct Frames<R: Read> {
    /// Between two frames.
    reader: Option<BufReader<R>>,
    frame: Option<Frame<R>>,
}

impl<R: Read> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(frame) = &mut self.frame {
                let count = frame.read(buffer)?;
                if count > 0 || buffer.is_empty() {
                    return Ok(count);
                }
                self.reader = self.frame.take().map(StreamingDecoder::into_inner);
            }
            let Some(mut reader) = self.reader.take() else { return Ok(0) };
            if reader.fill_buf()?.is_empty() {
                return Ok(0);
            }
            let frame = StreamingDecoder::new(reader).map_err(io::Error::other)?;
            self.frame = Some(frame);
        }
    }
}
