using System.Buffers.Binary;
using System.Text.RegularExpressions;

namespace MtlsFunctions.Tests.Conventions;

/// <summary>README.md is short, and what it shows and links is there.</summary>
public sealed partial class ReadmeTests
{
    private const int MostLines = 150;
    private const int MostBytesOfAPicture = 60_000;

    private static readonly byte[] PngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    private static readonly string[] Lines = File.ReadAllLines(Repository.PathOf("README.md"));

    private static readonly string[] Pictures = [.. Lines.SelectMany(line => Picture().Matches(line)).Select(found => found.Groups["path"].Value)];

    [Fact]
    public void It_is_short() => Assert.InRange(Lines.Length, 1, MostLines);

    [Fact]
    public void Every_file_that_it_links_is_there() => Assert.All(
        Lines.SelectMany(line => Link().Matches(line)).Select(found => found.Groups["path"].Value),
        path => Assert.True(Path.Exists(Repository.PathOf(path.Split('/'))), path));

    [Fact]
    public void Its_pictures_are_small_PNGs_of_a_whole_window_with_words_for_those_who_don_t_see_them()
    {
        Assert.Equal(2, Pictures.Length);
        Assert.All(Pictures, path =>
        {
            var bytes = File.ReadAllBytes(Repository.PathOf(path.Split('/')));
            Assert.InRange(bytes.Length, 1_000, MostBytesOfAPicture);
            Assert.Equal(PngSignature, bytes[..8]);
            // The first chunk holds the size.
            Assert.Equal(1280, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)));
        });
    }

    [Fact]
    public void No_picture_lies_about_that_it_doesn_t_show() => Assert.Equal(
        Directory.EnumerateFiles(Repository.PathOf("docs", "images")).Select(path => $"docs/images/{Path.GetFileName(path)}").Order(), Pictures.Order());

    [GeneratedRegex("<img src=\"(?<path>[^\"]+\\.png)\"[^>]* alt=\"[^\"]{10,}\"")]
    private static partial Regex Picture();

    [GeneratedRegex(@"\]\((?<path>[^):#]+)\)")]
    private static partial Regex Link();
}
